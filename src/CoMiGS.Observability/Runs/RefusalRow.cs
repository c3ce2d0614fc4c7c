namespace CoMiGS.Observability.Runs;

/// <summary>An update or a check-in that was refused, as it is shown.</summary>
/// <param name="Id">Counted from 1.</param>
/// <param name="Round">The round it was for.</param>
/// <param name="Kind"><c>update</c> or <c>check-in</c>.</param>
/// <param name="Device">Whose.</param>
/// <param name="Code">Why, for programs.</param>
/// <param name="Reason">Why, for people.</param>
internal sealed record RefusalRow(long Id, int Round, string Kind, string Device, string Code, string Reason)
{
    /// <summary>The history's version when this row last changed.</summary>
    public long Version { get; set; }

    /// <summary>When it last happened.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>How many times in a row.</summary>
    public int Times { get; set; } = 1;

    public bool IsAlike(RefusalRow other) => (Round, Kind, Device, Code, Reason) == (other.Round, other.Kind, other.Device, other.Code, other.Reason);
}
