namespace CoMiGS.Observability.Runs;

/// <summary>A round, as it is shown.</summary>
internal sealed class RoundRow(int number)
{
    public int Number { get; } = number;

    /// <summary>The history's version when this row last changed.</summary>
    public long Version { get; set; }

    public int Devices { get; set; }

    public int Accepted { get; set; }

    public int Refused { get; set; }

    /// <summary>Null while the round is open.</summary>
    public TimeSpan? Duration { get; set; }

    public int Missing { get; set; }

    /// <summary>Bytes that went either way while it was open; null if nobody counts them.</summary>
    public (long Up, long Down)? Bytes { get; set; }

    public WeightedMean Loss { get; } = new();

    public WeightedMean RouterLoss { get; } = new();

    public WeightedMean HeldOutLoss { get; } = new();
}
