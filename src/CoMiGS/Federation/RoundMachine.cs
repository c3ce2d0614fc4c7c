using CoMiGS.Aggregation;
using CoMiGS.Transport;
using CoMiGS.Validation;

namespace CoMiGS.Federation;

/// <summary>
/// The coordinator without its input and output: a deterministic state machine. Messages and the time go in; replies and events come out. Equal
/// inputs in equal order give equal states, so that a journal of inputs is enough to bring a run back.
/// <code>
///                 enough devices wait                    all answered, or quorum at the deadline
///   gathering ------------------------------> open ------------------------------------------------> gathering | finished
/// </code>
/// </summary>
/// <remarks>
/// A round has the devices that were waiting when it opened; others wait for the next one. It closes when all of its devices have answered, or at
/// its deadline when a quorum has; a quorum that comes later closes it at once. When nobody is left to wait for and the quorum is
/// still missing, devices that check in join the round. Updates that are late, repeated or out of order change nothing. Not thread-safe.
/// </remarks>
public sealed class RoundMachine
{
    private readonly RoundOptions _options;
    private readonly IAggregationStrategy _strategy;
    private readonly Admission _admission;
    private readonly SortedDictionary<string, DeviceShare> _waiting = new(StringComparer.Ordinal);
    private readonly List<RoundEvent> _events = [];
    private readonly RoundedSet _rounded = new();
    private DateTimeOffset? _gatheringSince;
    private bool _started;
    private OpenRound? _open;
    private IReadOnlyDictionary<string, int> _lastReceipts = new Dictionary<string, int>();

    /// <summary>A machine before its first round.</summary>
    /// <param name="options">How to lead the run.</param>
    /// <param name="strategy">How updates combine; serves this run only.</param>
    /// <param name="initial">The shared parameters to start from, as version 1, for example those another run ended with; devices draw them from the seed if none are given.</param>
    /// <exception cref="ArgumentException">The options break rules, and all are listed; or the strategy needs more devices than a round must have.</exception>
    public RoundMachine(RoundOptions options, IAggregationStrategy strategy, TensorSet? initial = null)
    {
        OptionsCheck.ThrowIfInvalid(options, nameof(options));
        ArgumentNullException.ThrowIfNull(strategy);
        if (options.MinimumDevices < strategy.Needs.MinimumUpdates)
        {
            throw new ArgumentException(
                $"{strategy.Name} cannot combine fewer than {strategy.Needs.MinimumUpdates} updates, but MinimumDevices is {options.MinimumDevices}. Set it to {strategy.Needs.MinimumUpdates} or more, or choose one of {StrategyCatalog.Names(needs => needs.MinimumUpdates <= options.MinimumDevices)}.",
                nameof(strategy));
        }

        if (options.SendAs != TensorType.Float32 && strategy.Needs.DeviceViews)
        {
            throw new ArgumentException(
                $"SendAs is {options.SendAs}, but {strategy.Name} hands every device a view of its own, to which nobody else can take differences. Leave it at Float32, or choose one of {StrategyCatalog.Names(needs => !needs.DeviceViews)}.",
                nameof(strategy));
        }

        _options = options;
        _strategy = strategy;
        _admission = new Admission(options, strategy, initial);
        if (initial is { Count: > 0 })
        {
            (Shared, Version) = (initial, 1);
        }
    }

    /// <summary>How many rounds are done.</summary>
    public int RoundsDone { get; private set; }

    /// <summary>The version of the shared parameters; 0 before the first round has closed, and while nothing is shared.</summary>
    public long Version { get; private set; }

    /// <summary>The shared parameters of that version, as the strategy keeps them.</summary>
    public TensorSet Shared { get; private set; } = TensorSet.Empty;

    /// <summary>Whether all rounds are done.</summary>
    public bool IsFinished => RoundsDone == _options.Count;

    /// <summary>Devices that wait for a round or work on one.</summary>
    public int ActiveDevices => _waiting.Count + (_open?.Unanswered ?? 0);

    /// <summary>Why a device has to wait, in a sentence.</summary>
    public string WaitingFor => _open is { } open
        ? $"Round {open.Number} of {_options.Count} is open: waiting for {open.Unanswered} of its devices."
        : $"Waiting for devices: {_waiting.Count} of {Target}.";

    private int Target => _options.ExpectedDevices ?? _options.MinimumDevices;

    /// <summary>Takes a check-in; asking again changes nothing.</summary>
    /// <param name="checkIn">The check-in.</param>
    /// <param name="now">The time.</param>
    /// <returns>The answer; null while the device has to wait.</returns>
    public CheckInReply? CheckIn(CheckIn checkIn, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(checkIn);
        Tick(now);
        if (_admission.Refuse(checkIn) is { } refusal)
        {
            _events.Add(new DeviceRefused(_open?.Number ?? RoundsDone + 1, checkIn.Device, refusal));
            return refusal;
        }

        if (IsFinished)
        {
            return new RunFinished(_options.Count, Version);
        }

        var share = _admission.ShareOf(checkIn.Device)!;
        Start();
        if (_open is { } open && open.NeedsMore(now) && !open.Has(checkIn.Device))
        {
            open.Join(share);
            _waiting.Remove(checkIn.Device);
            _events.Add(new DeviceJoined(open.Number, checkIn.Device));
        }
        else if (_open is null || !_open.Resumes(share))
        {
            _waiting[checkIn.Device] = share;
            _gatheringSince ??= now;
            OpenWhenReady(now);
        }

        return _open is not null && _open.Resumes(share) ? Plan(_open, share, now) : null;
    }

    /// <summary>A device that was waiting has gone.</summary>
    /// <param name="device">The device.</param>
    public void Withdraw(string device)
    {
        if (_waiting.Remove(device) && _waiting.Count == 0)
        {
            _gatheringSince = null;
        }
    }

    /// <summary>Takes an update; repeating it changes nothing.</summary>
    /// <param name="update">The update.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether it counts.</returns>
    public UpdateReceipt Update(ExpertUpdate update, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(update);
        Tick(now);
        var receipt = Judge(update, out var repeat);
        if (!repeat)
        {
            _events.Add(receipt.Accepted
                ? new UpdateAccepted(update.Round, update.Device, update.Samples, update.Metrics)
                : new UpdateRefused(update.Round, update.Device, receipt));
        }

        Tick(now);
        return receipt;
    }

    /// <summary>Whether that version can be downloaded.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The refusal; null when <see cref="View"/> is what it asks for.</returns>
    public Refused? RefuseDownload(DownloadRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Run != _options.Run)
        {
            return new Refused(RefusalCode.UnknownRun, $"This coordinator leads the run {_options.Run}, not {request.Run}. Set the device's run to {_options.Run}.");
        }

        if (_strategy.Needs.DeviceViews && _admission.ShareOf(request.Device) is null)
        {
            return new Refused(RefusalCode.NotInRound, $"{_strategy.Name} makes a view for every device, and {request.Device} has not checked in. Check in first.");
        }

        return request.Version == Version && Version > 0
            ? null
            : new Refused(RefusalCode.UnknownVersion, $"Version {request.Version} of the shared parameters is not kept; the newest is {Version}. Check in for a new plan.");
    }

    /// <summary>What a device gets of <see cref="Shared"/>; ask <see cref="RefuseDownload"/> before.</summary>
    /// <param name="device">The device.</param>
    /// <param name="type">The type it would like; float32 unless that is what the run's plans ask for.</param>
    /// <returns>Its view.</returns>
    public TensorSet View(string device, TensorType type = TensorType.Float32)
    {
        var view = _admission.ShareOf(device) is { } share ? _strategy.View(Moment(), share) : Shared;
        return type == TensorType.Float32 || type != _options.SendAs ? view : _rounded.Of(view, type);
    }

    /// <summary>Lets time pass: closes and opens what is due.</summary>
    /// <param name="now">The time.</param>
    public void Tick(DateTimeOffset now)
    {
        if (_open is { } open && open.CanClose(now))
        {
            Close(open, now);
        }

        OpenWhenReady(now);
    }

    /// <summary>When time alone will change something.</summary>
    /// <param name="now">The time.</param>
    /// <returns>When to call <see cref="Tick"/>; null when only a message can change anything.</returns>
    public DateTimeOffset? NextWake(DateTimeOffset now)
    {
        var wake = _open is { } open ? open.Deadline : GatheringDeadline;
        return wake > now ? wake : null;
    }

    /// <summary>What happened since the last call, in order.</summary>
    /// <returns>The events.</returns>
    public IReadOnlyList<RoundEvent> TakeEvents()
    {
        RoundEvent[] taken = [.. _events];
        _events.Clear();
        return taken;
    }

    private DateTimeOffset? GatheringDeadline => _gatheringSince + _options.Deadline;

    private UpdateReceipt Judge(ExpertUpdate update, out bool repeat)
    {
        repeat = false;
        if (update.Run != _options.Run)
        {
            return UpdateReceipt.Refuse(RefusalCode.UnknownRun, $"This coordinator leads the run {_options.Run}, not {update.Run}.");
        }

        if (update.Round <= RoundsDone)
        {
            repeat = update.Round == RoundsDone && _lastReceipts.TryGetValue(update.Device, out var attempt) && attempt == update.Attempt;
            return repeat ? UpdateReceipt.Counted : UpdateReceipt.Refuse(RefusalCode.RoundClosed, $"Round {update.Round} is over; {RoundsDone} rounds are done. Check in for the next one.");
        }

        return _open is not { } open || update.Round != open.Number
            ? UpdateReceipt.Refuse(RefusalCode.RoundNotOpen, $"Round {update.Round} is not open. Check in and follow the plan.")
            : open.Add(update, out repeat);
    }

    private void OpenWhenReady(DateTimeOffset now)
    {
        var enough = _waiting.Count >= Target || (_waiting.Count >= _options.MinimumDevices && GatheringDeadline <= now);
        if (_open is not null || IsFinished || !enough)
        {
            return;
        }

        var gate = new UpdateGate(_strategy.Needs, _admission.BaseFingerprint, _options.MaximumMagnitude, _options.SendAs, Shared);
        _open = new OpenRound(RoundsDone + 1, _strategy.Begin(Moment()), gate, _options.MinimumDevices, now, now + _options.Deadline);
        foreach (var share in _waiting.Values)
        {
            _open.Join(share);
        }

        _events.Add(new RoundOpened(_open.Number, [.. _waiting.Keys]));
        _waiting.Clear();
        _gatheringSince = null;
    }

    private void Close(OpenRound round, DateTimeOffset now)
    {
        Shared = round.Complete();
        Version += Shared.Count > 0 ? 1 : 0;
        RoundsDone = round.Number;
        _lastReceipts = round.Receipts();
        _open = null;
        _gatheringSince = _waiting.Count > 0 ? now : null;
        _events.Add(new RoundClosed(round.Number, Version, round.Accepted, round.Missing, now - round.Opened));
        if (IsFinished)
        {
            _waiting.Clear();
            _events.Add(new RunEnded(round.Number, Version));
        }
    }

    /// <summary>Before the first round, for a strategy that has to know where it starts.</summary>
    private void Start()
    {
        if (Version == 0 && RoundsDone == 0 && !_started)
        {
            _started = true;
            Shared = _strategy.Start(_admission.First!, _options.InitialSeed);
            Version = Shared.Count > 0 ? 1 : 0;
        }
    }

    private RunMoment Moment() => new(RoundsDone + 1, _options.Count, _options.InitialSeed, _admission.First!, Shared);

    private RoundPlan Plan(OpenRound round, DeviceShare share, DateTimeOffset now) => new(
        _options.Run,
        round.Number,
        _options.Count,
        Version,
        _options.InitialSeed,
        _options.LocalSteps,
        share.Tensors,
        _admission.BaseFingerprint,
        round.IsOverdue(now) ? null : round.Deadline) { SendAs = _options.SendAs };
}
