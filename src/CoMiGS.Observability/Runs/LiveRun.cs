using System.Text.Json;
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
    private byte[] _headBytes = [];
    private long _headNumber;
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
    /// <returns>The news, and what the viewer has seen then; no news if there is none.</returns>
    public (LiveNews? News, Seen Seen) Since(Seen? seen)
    {
        var (head, number) = Head();
        lock (_historyLock)
        {
            var now = new Seen(_history.Version, number);
            return now == seen ? (null, now) : (_history.Since(seen?.Version, head, _options.ShowDeviceNames), now);
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
                _file?.Add(new HistoryLine(_coordinator.Run, RoundView.Of(row)));
            }
        }
    }

    private (LiveHead Head, long Number) Head()
    {
        lock (_headLock)
        {
            if (_head is null || _time.GetElapsedTime(_headMade) >= _options.Interval / 2)
            {
                var made = LiveHead.Of(_coordinator.Status, _transport?.Traffic, _options);
                var bytes = JsonSerializer.SerializeToUtf8Bytes(made, LiveJson.Default.LiveHead);
                _headNumber += bytes.AsSpan().SequenceEqual(_headBytes) ? 0 : 1;
                (_head, _headBytes, _headMade) = (made, bytes, _time.GetTimestamp());
            }

            return (_head, _headNumber);
        }
    }
}
