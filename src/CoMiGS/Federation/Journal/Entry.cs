using CoMiGS.Aggregation;
using CoMiGS.Transport;

namespace CoMiGS.Federation.Journal;

/// <summary>Something that happened in a run and must not be forgotten: it is written before the machine takes it in, and read when another process goes on.</summary>
/// <param name="At">The run's time.</param>
internal abstract record Entry(DateTimeOffset At);

/// <summary>A round opened.</summary>
/// <param name="At">The run's time.</param>
/// <param name="Facts">Which run it is.</param>
/// <param name="Round">The round.</param>
/// <param name="Members">Its devices, in the order of their names.</param>
internal sealed record RoundBegins(DateTimeOffset At, RunFacts Facts, int Round, IReadOnlyList<DeviceShare> Members) : Entry(At);

/// <summary>A device joined the open round, or came back to it with something changed.</summary>
/// <param name="At">The run's time.</param>
/// <param name="Share">What it shares.</param>
internal sealed record MemberComes(DateTimeOffset At, DeviceShare Share) : Entry(At);

/// <summary>An update was refused, so the round does not wait for its device.</summary>
/// <param name="At">The run's time.</param>
/// <param name="Device">The device.</param>
internal sealed record MemberRefused(DateTimeOffset At, string Device) : Entry(At);

/// <summary>An update counts in the open round, whether it was made in that one or in the one before.</summary>
/// <param name="At">The run's time.</param>
/// <param name="Update">The update.</param>
internal sealed record UpdateCounts(DateTimeOffset At, ExpertUpdate Update) : Entry(At);

/// <summary>A round closed. All that is left of the run so far is in here.</summary>
/// <param name="At">The run's time.</param>
/// <param name="Facts">Which run it is.</param>
/// <param name="Round">The round.</param>
/// <param name="Version">The version of the shared parameters.</param>
/// <param name="Shared">The shared parameters.</param>
/// <param name="StrategyState">What the strategy keeps besides.</param>
/// <param name="Receipts">Which updates counted.</param>
/// <param name="Missing">Devices of the round whose update did not count.</param>
internal sealed record RoundEnds(
    DateTimeOffset At,
    RunFacts Facts,
    int Round,
    long Version,
    TensorSet Shared,
    ReadOnlyMemory<byte> StrategyState,
    IReadOnlyList<Receipt> Receipts,
    IReadOnlyList<DeviceShare> Missing) : Entry(At);
