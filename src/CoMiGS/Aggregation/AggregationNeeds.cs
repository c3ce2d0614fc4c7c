namespace CoMiGS.Aggregation;

/// <summary>What a strategy needs of a run, so that a combination that cannot work is an error before the first round.</summary>
public sealed record AggregationNeeds
{
    /// <summary>How much of the single updates it has to see.</summary>
    /// <value>Default: their sum.</value>
    public UpdateAccess Updates { get; init; } = UpdateAccess.Sum;

    /// <summary>Whether devices may differ in rank.</summary>
    /// <value>Default: no, all devices share tensors of the same shapes.</value>
    public bool MixedRanks { get; init; }

    /// <summary>Whether devices may differ in the scale of an adapter.</summary>
    /// <value>Default: no. Scales are then the same on all devices, or, where ranks may differ, scale times rank is, as alpha / r makes it.</value>
    public bool MixedScales { get; init; }

    /// <summary>Whether an update may have lower ranks than its device checked in with.</summary>
    /// <value>Default: no.</value>
    public bool FallingRanks { get; init; }

    /// <summary>Whether every device gets a view of its own of the shared parameters.</summary>
    /// <value>Default: no, all get the same.</value>
    public bool DeviceViews { get; init; }

    /// <summary>Whether the strategy says in every round what each device is to share; what a device checks in with is then an example of it.</summary>
    /// <value>Default: no, a device shares what it checks in with.</value>
    public bool Assigns { get; init; }

    /// <summary>The fewest updates that it can combine.</summary>
    /// <value>Default: 1.</value>
    public int MinimumUpdates { get; init; } = 1;

    /// <summary>What every device must be able to do besides training.</summary>
    /// <value>Default: null, nothing.</value>
    public string? Ability { get; init; }

    /// <summary>Whether an update may count in the round after the one it was made in.</summary>
    /// <value>Default: no, it only makes sense together with what its device was given for its own round.</value>
    public bool BearsLateUpdates { get; init; }
}
