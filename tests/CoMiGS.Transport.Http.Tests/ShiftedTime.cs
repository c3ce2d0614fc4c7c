namespace CoMiGS.Transport.Http.Tests;

/// <summary>The system's clock, set wrong on purpose; frozen if asked to.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private readonly DateTimeOffset? _frozen;

    public ShiftedTime(bool frozen = false) => _frozen = frozen ? System.GetUtcNow() : null;

    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => (_frozen ?? System.GetUtcNow()) + Shift;

    public override long GetTimestamp() => _frozen is null ? base.GetTimestamp() : (long)(Shift.TotalSeconds * TimestampFrequency);
}
