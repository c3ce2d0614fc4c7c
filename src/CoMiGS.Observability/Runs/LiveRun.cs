using CoMiGS.Federation;
using CoMiGS.Observability.Page;
using CoMiGS.Transport;
using Microsoft.Extensions.Logging;

namespace CoMiGS.Observability.Runs;

/// <summary>
/// A run, as it is shown. Its coordinator waits for no more than a few assignments: what is written for viewers is written on their time, at most once for all of them
/// in an interval.
/// </summary>
internal sealed class LiveRun
{
    private readonly Lock _historyLock = new(); // taken while the coordinator's own is held, so nothing is asked of the coordinator under it
    private readonly Lock _headLock = new();
    private readonly RunHistory _history = new();
    private readonly Coordinator _coordinator;
    private readonly ICoordinatorTransport? _transport;
    private readonly LivePageOptions _options;
    private readonly TimeProvider _time;
    private readonly HistoryFile? _file;
    private LiveHead? _head;
    private long _headMade;

    public LiveRun(Coordinator coordinator, ICoordinatorTransport? transport, LivePageOptions options, TimeProvider time, ILogger logger)
    {
        (_coordinator, _transport, _options, _time) = (coordinator, transport, options, time);
        _file = options.HistoryFile is { } path ? new HistoryFile(path, logger) : null;
        GoOn();
        coordinator.Happened += Take;
    }

    /// <summary>What a viewer has not seen.</summary>
    /// <param name="seen">What it has seen; null at first.</param>
    /// <returns>The message, in JSON, and what the viewer has seen then; no message if there is nothing new.</returns>
    public (byte[]? Message, Seen Seen) Since(Seen? seen)
    {
        var head = Head();
        lock (_historyLock)
        {
            var now = new Seen(_history.Version, head);
            return now == seen ? (null, now) : (LiveMessage.Write(head, _history, seen?.Version ?? 0, seen is null, _options), now);
        }
    }

    /// <summary>Takes in what earlier processes left: the open round from the store, closed ones from the file.</summary>
    private void GoOn()
    {
        foreach (var what in _coordinator.Before)
        {
            _history.Take(what, _time.GetUtcNow(), null);
        }

        foreach (var round in _file?.Read(_coordinator.Run, _coordinator.Status.RoundsDone) ?? [])
        {
            _history.Restore(round.ToRow());
        }
    }

    private void Take(RoundEvent what)
    {
        var (now, traffic) = (_time.GetUtcNow(), _transport?.Traffic);
        lock (_historyLock)
        {
            _history.Take(what, now, traffic);
            if (what is RoundClosed && _history.Find(what.Round) is { } row)
            {
                _file?.Add(ClosedRound.Of(_coordinator.Run, row));
            }
        }
    }

    private LiveHead Head()
    {
        lock (_headLock)
        {
            if (_head is not null && _time.GetElapsedTime(_headMade) < _options.Interval / 2)
            {
                return _head;
            }

            var status = _coordinator.Status;
            var made = LiveHead.Of(status, _transport?.Traffic, _options);
            _headMade = _time.GetTimestamp();
            return _head = _head?.IsAlike(made) == true ? _head : made;
        }
    }
}
