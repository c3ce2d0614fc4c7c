using CoMiGS.Aggregation;

namespace CoMiGS.Federation.Journal;

/// <summary>What a run was begun with, and cannot go on without.</summary>
/// <param name="Strategy">The name of the strategy.</param>
/// <param name="Seed">The seed.</param>
/// <param name="BaseFingerprint">The base model of every device.</param>
/// <param name="First">What the device shares that was admitted first.</param>
internal sealed record RunFacts(string Strategy, long Seed, string BaseFingerprint, DeviceShare First)
{
    /// <summary>Throws if a coordinator with these options cannot go on with the run.</summary>
    /// <exception cref="InvalidOperationException">It cannot; what differs is listed.</exception>
    public void Require(RoundOptions options, string strategy)
    {
        List<string> differences =
        [
            .. Difference("strategy", Strategy, strategy),
            .. Difference("InitialSeed", Seed.ToString(), options.InitialSeed.ToString()),
            .. Difference("BaseFingerprint", BaseFingerprint, options.BaseFingerprint ?? BaseFingerprint),
        ];
        if (differences.Count > 0)
        {
            throw new InvalidOperationException($"The store holds a run '{options.Run}' that was begun otherwise: {string.Join("; ", differences)}. Go on with what it was begun with, or give the new run another name.");
        }
    }

    private static IEnumerable<string> Difference(string what, string stored, string given) =>
        stored == given ? [] : [$"its {what} is {stored}, and this coordinator's {given}"];
}
