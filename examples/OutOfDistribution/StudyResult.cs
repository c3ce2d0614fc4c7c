using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Results;

namespace CoMiGS.OutOfDistribution;

/// <summary>What a study found out: figures only.</summary>
/// <param name="Text">Whose text it was, in a few words.</param>
/// <param name="BaseModel">The base model in a few words.</param>
/// <param name="Options">Rounds, steps and seed.</param>
/// <param name="Machine">The machine in a few words.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Devices">The devices; all lists per device have this order.</param>
/// <param name="Rows">The methods.</param>
public sealed record StudyResult(
    string Text, string BaseModel, DemoOptions Options, string Machine, TimeSpan Elapsed, IReadOnlyList<DeviceInfo> Devices, IReadOnlyList<StudyRow> Rows)
{
    /// <summary>The names of the two rows that differ only in what the routers were fitted on.</summary>
    public const string RouterOnOwn = "CoMiGS, router on own text", RouterOnMixed = "CoMiGS, router on mixed text";
}

/// <summary>What one method reached, per device.</summary>
/// <param name="Name">The method.</param>
/// <param name="Own">Perplexity per byte on the device's own test text.</param>
/// <param name="Mixed">Perplexity per byte on everybody's test text.</param>
/// <param name="GeneralistShare">Share of the gates' weight that went to generalists on the mixed text, mean over the layers; null where nothing is routed.</param>
public sealed record StudyRow(string Name, IReadOnlyList<double> Own, IReadOnlyList<double> Mixed, IReadOnlyList<double>? GeneralistShare);
