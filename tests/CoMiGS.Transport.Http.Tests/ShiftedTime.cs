namespace CoMiGS.Transport.Http.Tests;

/// <summary>The system's clock, set wrong on purpose; frozen if asked to. Timers of a frozen one go off when it is set, and not before.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private readonly DateTimeOffset? _frozen;
    private readonly Lock _lock = new();
    private readonly List<FrozenTimer> _timers = [];
    private TimeSpan _shift;

    public ShiftedTime(bool frozen = false) => _frozen = frozen ? System.GetUtcNow() : null;

    public TimeSpan Shift
    {
        get => _shift;
        set
        {
            _shift = value;
            foreach (var timer in Timers)
            {
                timer.GoOffIfDue();
            }
        }
    }

    /// <summary>Those of a frozen clock that are not disposed.</summary>
    public IReadOnlyList<FrozenTimer> Timers
    {
        get
        {
            lock (_lock)
            {
                return [.. _timers];
            }
        }
    }

    public override DateTimeOffset GetUtcNow() => (_frozen ?? System.GetUtcNow()) + Shift;

    public override long GetTimestamp() => _frozen is null ? base.GetTimestamp() : (long)(Shift.TotalSeconds * TimestampFrequency);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (_frozen is null)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        var timer = new FrozenTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_lock)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    internal sealed class FrozenTimer(ShiftedTime time, Action callback) : ITimer
    {
        private TimeSpan? _due;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due = dueTime < TimeSpan.Zero ? null : time.Shift + dueTime;
            _period = period;
            return true;
        }

        public void GoOffIfDue()
        {
            if (_due is { } due && due <= time.Shift)
            {
                _due = _period > TimeSpan.Zero ? time.Shift + _period : null;
                callback();
            }
        }

        public void Dispose()
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
