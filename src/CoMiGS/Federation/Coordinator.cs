using CoMiGS.Aggregation;
using CoMiGS.Diagnostics;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CoMiGS.Federation;

/// <summary>
/// Leads a run: puts a <see cref="RoundMachine"/> between the messages of a transport, a clock, and whoever wants to know. It holds check-ins
/// open until a round begins, and wakes itself when time alone closes a round. With a store it goes on where the last coordinator of the run was, however that one ended.
/// </summary>
/// <remarks>
/// Thread-safe. A message that cannot be written to the store ends with a <see cref="StoreException"/>, is not acknowledged, and can be repeated. Once the strategy has failed to begin or end a round,
/// messages end with an <see cref="InvalidOperationException"/> that says why, and <see cref="Finished"/> with the failure itself. Serve it with <c>transport.ServeAsync(coordinator, token)</c>.
/// </remarks>
public sealed class Coordinator : ICoordinatorEndpoint, IDisposable
{
    private readonly Lock _lock = new();
    private readonly RoundOptions _options;
    private readonly RoundMachine _machine;
    private readonly RoundTelemetry _telemetry;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly RunClock _clock;
    private readonly IRunLog? _log;
    private readonly ITimer _alarm;
    private StoreTrouble? _trouble;
    private long _entriesBeforeTrouble;
    private readonly Dictionary<string, object> _newestCheckIn = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<RunFinished> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A coordinator before its first round.</summary>
    /// <param name="options">How to lead the run.</param>
    /// <param name="strategy">How updates combine; serves this run only.</param>
    /// <param name="logger">Where to log; nowhere if none is given.</param>
    /// <param name="time">The clock; the system's if none is given.</param>
    /// <param name="onEvent">Told of everything that happens, in order and one at a time; must return soon and not throw, since messages wait for it.</param>
    /// <param name="initial">The shared parameters to start from; devices draw them from the run's seed if none are given.</param>
    /// <param name="store">Where to write down what must survive this process. Without one the run ends with it.</param>
    /// <exception cref="ArgumentException">The options break rules; all are listed.</exception>
    /// <exception cref="InvalidOperationException">The store holds a run of that name that was begun otherwise.</exception>
    /// <exception cref="StoreException">The store does not work, or another coordinator leads the run.</exception>
    public Coordinator(
        RoundOptions options,
        IAggregationStrategy strategy,
        ILogger? logger = null,
        TimeProvider? time = null,
        Action<RoundEvent>? onEvent = null,
        TensorSet? initial = null,
        IRoundStore? store = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(strategy);
        _options = options;
        _time = time ?? TimeProvider.System;
        Happened = onEvent;
        _logger = logger ?? NullLogger.Instance;
        _log = store?.Open(options.Run);
        try
        {
            _machine = new RoundMachine(options, strategy, initial, _log);
        }
        catch
        {
            _log?.Dispose();
            throw;
        }

        _telemetry = new RoundTelemetry(_logger, options.Run);
        _clock = new RunClock(_time, _machine.LastEntry);
        _alarm = _time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _logger.CoordinatorStarted(options.Run, options.Count, options.LocalSteps, strategy.Name, options.MinimumDevices, options.Deadline);
        GoOn();
    }

    /// <summary>Something happened, in order and one at a time. Handlers must return soon and not throw, since messages wait for them.</summary>
    public event Action<RoundEvent>? Happened;

    /// <summary>The name of its run.</summary>
    public string Run => _options.Run;

    /// <summary>Ends when the last round has closed, with the exception of a strategy that failed; devices may still come for the last version.</summary>
    public Task<RunFinished> Finished => _finished.Task;

    /// <summary>The newest shared parameters; empty before the first round has closed.</summary>
    public TensorSet Shared
    {
        get
        {
            lock (_lock)
            {
                return _machine.Shared;
            }
        }
    }

    /// <summary>What had happened when this coordinator went on with its run, as far as the store remembers: the end of the last round, and all of the open one. Nobody was told of it again.</summary>
    public IReadOnlyList<RoundEvent> Before { get; private set; } = [];

    /// <summary>Where the run stands now.</summary>
    public RunStatus Status
    {
        get
        {
            lock (_lock)
            {
                var status = _machine.Status(_trouble);
                return status.Deadline is { } deadline ? status with { Deadline = _clock.OnTheWall(deadline) } : status;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<CheckInReply> CheckInAsync(CheckIn checkIn, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(checkIn);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var patience = Task.Delay(_options.CheckInWait, _time, stop.Token);
        var call = new object();
        Arrive(checkIn.Device, call);
        try
        {
            while (true)
            {
                var (reply, changed) = Ask(checkIn);
                if (reply is not null)
                {
                    return reply;
                }

                if (await Task.WhenAny(changed, patience).ConfigureAwait(false) == patience)
                {
                    await patience.ConfigureAwait(false);
                    return ComeBack();
                }
            }
        }
        finally
        {
            Leave(checkIn.Device, call, gone: cancellationToken.IsCancellationRequested);
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task<TensorSet> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return _machine.RefuseDownload(request) is { } refusal ? Task.FromException<TensorSet>(new RefusedException(refusal)) : Task.FromResult(_machine.View(request.Device, request.Type));
        }
    }

    /// <inheritdoc/>
    public Task<UpdateReceipt> UploadAsync(ExpertUpdate update, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Step(now => _machine.Update(update, now)));
    }

    /// <summary>Stops the clock and gives up the store; check-ins that are held open stay with their transport.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _alarm.Dispose();
            _telemetry.Dispose();
            _log?.Dispose();
            _finished.TrySetCanceled();
        }
    }

    private (CheckInReply? Reply, Task Changed) Ask(CheckIn checkIn)
    {
        lock (_lock)
        {
            var reply = Step(now => _machine.CheckIn(checkIn, now));
            return (reply is RoundPlan { Deadline: { } deadline } plan ? plan with { Deadline = _clock.OnTheWall(deadline) } : reply, _changed.Task);
        }
    }

    /// <summary>A run that was begun before goes on: its rounds are no news, but their deadlines count.</summary>
    private void GoOn()
    {
        if (_machine.LastEntry is null)
        {
            return;
        }

        Before = _machine.TakeEvents();
        _logger.CoordinatorGoesOn(_options.Run, _machine.RoundsDone, _machine.Version, _machine.WaitingFor);
        if (_machine.IsFinished)
        {
            _finished.TrySetResult(new RunFinished(_machine.RoundsDone, _machine.Version));
        }

        Tick();
    }

    /// <summary>Lets the machine do something, and everybody know of it.</summary>
    private T Step<T>(Func<DateTimeOffset, T> step)
    {
        lock (_lock)
        {
            var now = _clock.Now;
            try
            {
                var answer = step(now);
                Publish(now);
                return answer;
            }
            catch (StoreException e)
            {
                Postpone(e);
                throw;
            }
            catch (Exception) when (_machine.Failure is { } failure)
            {
                Fail(failure); // only the device that came last would hear of it otherwise
                throw new InvalidOperationException(
                    $"The run '{_options.Run}' cannot go on, whatever a device sends: a round could not be begun or ended. Mend the cause and start the coordinator anew; with a store it goes on where it was. The cause: {failure.Message}",
                    failure);
            }
        }
    }

    private void Arrive(string device, object call)
    {
        lock (_lock)
        {
            _newestCheckIn[device] = call;
        }
    }

    /// <summary>A device whose connection broke waits no longer, unless it has come back over another one in the meantime.</summary>
    private void Leave(string device, object call, bool gone)
    {
        lock (_lock)
        {
            if (_newestCheckIn.GetValueOrDefault(device) != call)
            {
                return;
            }

            _newestCheckIn.Remove(device);
            if (gone)
            {
                _machine.Withdraw(device);
                Tick();
            }
        }
    }

    private RetryWindow ComeBack()
    {
        lock (_lock)
        {
            return new RetryWindow(_options.RetryWithin / 10, _options.RetryWithin, _machine.WaitingFor);
        }
    }

    private void Tick()
    {
        lock (_lock)
        {
            var now = _clock.Now;
            try
            {
                _machine.Tick(now);
                Publish(now);
            }
            catch (StoreException e)
            {
                Postpone(e);
            }
            catch (Exception e) // on the timer's thread nobody else would hear of it
            {
                Fail(e);
            }

            WakeCheckIns(); // a deadline without a quorum is no event, but lets devices join
        }
    }

    /// <summary>Tells whoever waits for the end of the run, and the log, once.</summary>
    private void Fail(Exception failure)
    {
        if (_finished.TrySetException(failure))
        {
            _logger.RunFailed(failure, _options.Run);
        }
    }

    /// <summary>A store that is full or away may be back soon.</summary>
    private void Postpone(StoreException e)
    {
        var now = _time.GetUtcNow();
        _trouble = new StoreTrouble(_trouble?.Since ?? now, now, e);
        _entriesBeforeTrouble = _machine.Entries;
        FederationMetrics.StoreFailed();
        _logger.StoreFails(e, _options.Run, _options.RetryWithin);
        _alarm.Change(_options.RetryWithin, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Tells everybody what the machine just did, and sets the alarm anew.</summary>
    /// <param name="now">The very time the machine has just been given: a later one could lie beyond a deadline that it has not seen yet, and no alarm would be set for it.</param>
    private void Publish(DateTimeOffset now)
    {
        foreach (var what in _machine.TakeEvents())
        {
            _telemetry.Record(what);
            Happened?.Invoke(what);
            if (what is RoundOpened or RoundClosed or UpdateRefused)
            {
                WakeCheckIns();
            }

            if (what is RunEnded ended)
            {
                _finished.TrySetResult(new RunFinished(ended.Round, ended.Version));
            }
        }

        _telemetry.ActiveDevices(_machine.ActiveDevices);
        if (_machine.Entries > _entriesBeforeTrouble)
        {
            _trouble = null;
        }

        if (_machine.Hindrance is { } hindrance)
        {
            Postpone(hindrance);
            return;
        }

        _alarm.Change(_machine.NextWake(now) is { } wake ? wake - now : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void WakeCheckIns()
    {
        var woken = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        woken.SetResult();
    }
}
