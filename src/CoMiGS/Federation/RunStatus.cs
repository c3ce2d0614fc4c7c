namespace CoMiGS.Federation;

/// <summary>Where a run stands at one moment.</summary>
/// <param name="Run">Its name.</param>
/// <param name="Rounds">How many rounds it has.</param>
/// <param name="RoundsDone">How many of them have closed.</param>
/// <param name="Version">The version of the shared parameters; 0 before there is one.</param>
/// <param name="OpenRound">The round that is open; null between rounds.</param>
/// <param name="Deadline">When time alone may open or close a round; null if it never does.</param>
/// <param name="Awaited">How many devices, or updates of the open round, are still to come.</param>
/// <param name="Expected">Out of how many.</param>
/// <param name="Devices">The devices that wait or are in the round, which is the last one between rounds; by their names.</param>
/// <param name="Trouble">What is wrong with the store; null while all is well.</param>
public sealed record RunStatus(
    string Run,
    int Rounds,
    int RoundsDone,
    long Version,
    int? OpenRound,
    DateTimeOffset? Deadline,
    int Awaited,
    int Expected,
    IReadOnlyList<DeviceStatus> Devices,
    StoreTrouble? Trouble)
{
    /// <summary>Whether all rounds are done.</summary>
    public bool IsFinished => RoundsDone >= Rounds;

    /// <summary>What the run waits for, in a few words.</summary>
    public string WaitingFor =>
        IsFinished ? $"over after {RoundsDone} rounds"
        : OpenRound is { } round ? $"round {round} of {Rounds}: waiting for {Awaited} of {Expected} updates"
        : $"waiting for {Awaited} of {Expected} devices";
}
