namespace CoMiGS.Observability.Tests.Health;

/// <summary>The system's clock, set ahead.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
}
