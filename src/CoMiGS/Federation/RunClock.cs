namespace CoMiGS.Federation;

/// <summary>
/// The time of a run: it begins as the wall clock's, goes on evenly whatever becomes of that one, and stands still while no coordinator runs. So neither a clock that is set nor an outage
/// eats up a deadline.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="goesOnFrom">The time that was last written; null for a run that begins.</param>
internal sealed class RunClock(TimeProvider time, DateTimeOffset? goesOnFrom)
{
    private readonly DateTimeOffset _origin = goesOnFrom ?? time.GetUtcNow();
    private readonly long _started = time.GetTimestamp();

    /// <summary>The run's time.</summary>
    public DateTimeOffset Now => _origin + time.GetElapsedTime(_started);

    /// <summary>What the wall clock will show, as it is set at the moment; to the second, so that the same question has the same answer.</summary>
    /// <param name="moment">A moment of the run.</param>
    public DateTimeOffset OnTheWall(DateTimeOffset moment) => moment + TimeSpan.FromSeconds(Math.Round((time.GetUtcNow() - Now).TotalSeconds));
}
