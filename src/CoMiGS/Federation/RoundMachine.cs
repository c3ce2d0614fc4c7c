using CoMiGS.Aggregation;
using CoMiGS.Diagnostics;
using CoMiGS.Federation.Journal;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;
using CoMiGS.Validation;

namespace CoMiGS.Federation;

/// <summary>
/// The coordinator without its input and output: a deterministic state machine. Messages and the time go in; replies and events come out. Equal
/// inputs in equal order give equal states. What must not be forgotten is written to a log before it is taken in, so that another machine with the same log goes on
/// where this one was.
/// <code>
///                 enough devices wait                    all answered, or quorum at the deadline
///   gathering ------------------------------> open ------------------------------------------------> gathering | finished
/// </code>
/// </summary>
/// <remarks>
/// A round has the devices that were waiting when it opened; others wait for the next one. It closes when all of its devices have answered, or at
/// its deadline when a quorum has; a quorum that comes later closes it at once. When nobody is left to wait for and the quorum is
/// still missing, devices that check in join the round. Updates that are late, repeated or out of order change nothing, unless late ones are carried. Not thread-safe.
/// Any method may throw a <see cref="StoreException"/>: then nothing has happened, and the call can be repeated.
/// </remarks>
public sealed partial class RoundMachine
{
    private readonly RoundOptions _options;
    private readonly IAggregationStrategy _strategy;
    private readonly Admission _admission;
    private readonly RunJournal _journal;
    private readonly SortedDictionary<string, DeviceShare> _waiting = new(StringComparer.Ordinal);
    private readonly List<RoundEvent> _events = [];
    private readonly RoundedSet _rounded = new();
    private DateTimeOffset? _gatheringSince;
    private bool _started;
    private OpenRound? _open;
    private LastRound _last = new([], []);

    /// <summary>A machine before its first round, or where the log says that it was.</summary>
    /// <param name="options">How to lead the run.</param>
    /// <param name="strategy">How updates combine; serves this run only.</param>
    /// <param name="initial">The shared parameters to start from, as version 1, as the strategy keeps them, for example those another run of the same strategy ended with; devices draw them from the seed if none are given.</param>
    /// <param name="log">What must survive this process; stays with its owner. Without one the run ends with the process.</param>
    /// <exception cref="ArgumentException">The options break rules, and all are listed; or the strategy does not go together with them.</exception>
    /// <exception cref="InvalidOperationException">The log is of a run that was begun otherwise.</exception>
    /// <exception cref="StoreException">The log cannot be read.</exception>
    public RoundMachine(RoundOptions options, IAggregationStrategy strategy, TensorSet? initial = null, IRunLog? log = null)
    {
        OptionsCheck.ThrowIfInvalid(options, nameof(options));
        ArgumentNullException.ThrowIfNull(strategy);
        if (options.MinimumDevices < strategy.Needs.MinimumUpdates)
        {
            throw new ArgumentException(
                $"{strategy.Name} cannot combine fewer than {strategy.Needs.MinimumUpdates} updates, but MinimumDevices is {options.MinimumDevices}. Set it to {strategy.Needs.MinimumUpdates} or more, or choose one of {StrategyCatalog.Names(needs => needs.MinimumUpdates <= options.MinimumDevices)}.",
                nameof(strategy));
        }

        var devices = Math.Max(options.MinimumDevices, (int)Math.Ceiling(options.SampleFraction * (options.ExpectedDevices ?? options.MinimumDevices)));
        if (strategy.Objection(devices) is { } objection)
        {
            throw new ArgumentException($"{objection} A round has SampleFraction of ExpectedDevices, and MinimumDevices at least.", nameof(strategy));
        }

        if (options.SendAs != TensorType.Float32 && strategy.Needs.DeviceViews)
        {
            throw new ArgumentException(
                $"SendAs is {options.SendAs}, but {strategy.Name} hands every device a view of its own, to which nobody else can take differences. Leave it at Float32, or choose one of {StrategyCatalog.Names(needs => !needs.DeviceViews)}.",
                nameof(strategy));
        }

        if (options.LateUpdates == LateUpdates.Carry && !strategy.Needs.BearsLateUpdates)
        {
            throw new ArgumentException(
                $"{strategy.Name} cannot combine updates of two rounds, but LateUpdates is Carry. Set it to Discard, or choose one of {StrategyCatalog.Names(needs => needs.BearsLateUpdates)}.",
                nameof(strategy));
        }

        _options = options;
        _strategy = strategy;
        _admission = new Admission(options, strategy, initial);
        if (initial is { Count: > 0 })
        {
            (Shared, Version) = (initial, 1);
        }

        _journal = new RunJournal(options.Run, log, Take);
        _journal.CatchUp();
    }

    /// <summary>When something was last written to the log; null if nothing was.</summary>
    public DateTimeOffset? LastEntry { get; private set; }

    /// <summary>Why a round that could open or close does not: that cannot be written. <see cref="Tick"/> tries again; null while all is well.</summary>
    public StoreException? Hindrance { get; private set; }

    /// <summary>How many rounds are done.</summary>
    public int RoundsDone { get; private set; }

    /// <summary>The version of the shared parameters; 0 before the first round has closed, and while nothing is shared.</summary>
    public long Version { get; private set; }

    /// <summary>The shared parameters of that version, as the strategy keeps them.</summary>
    public TensorSet Shared { get; private set; } = TensorSet.Empty;

    /// <summary>Whether all rounds are done.</summary>
    public bool IsFinished => RoundsDone >= _options.Count;

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
        if (_open is { } open && (open.IsOwedBy(share.Device) || (open.NeedsMore(now) && !open.Has(share.Device))))
        {
            Join(open, share, now);
        }
        else
        {
            _waiting[share.Device] = share;
            _gatheringSince ??= now;
            OpenWhenReady(now);
        }

        return _open is not null && _open.IsOwedBy(share.Device) ? Plan(_open, _open.ShareOf(share.Device)!, now) : null;
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
        var receipt = Judge(update, now);
        try
        {
            Tick(now);
        }
        catch (StoreException e)
        {
            Hindrance = e; // the receipt holds all the same
        }

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
        var view = (_open?.ShareOf(device) ?? _admission.ShareOf(device)) is { } share ? _strategy.View(Moment(), share) : Shared;
        return type == TensorType.Float32 || type != _options.SendAs ? view : _rounded.Of(view, type);
    }

    /// <summary>Lets time pass: closes and opens what is due.</summary>
    /// <param name="now">The time.</param>
    public void Tick(DateTimeOffset now)
    {
        Hindrance = null;
        Failure = null;
        _journal.CatchUp();
        if (_open is { } open && open.CanClose(now))
        {
            Lead(() => Close(open, now));
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

    private RunFacts Facts => new(_strategy.Name, _options.InitialSeed, _admission.BaseFingerprint, _admission.First!);

    private UpdateReceipt Judge(ExpertUpdate update, DateTimeOffset now)
    {
        using var activity = CoMiGSTelemetry.Source.StartActivity("gate")?.SetTag("comigs.run", _options.Run).SetTag("comigs.round", update.Round);
        var receipt = WhenDue(update, out var share);
        if (receipt is null)
        {
            var gate = new UpdateGate(_strategy.Needs, _admission.BaseFingerprint, _options, Shared);
            receipt = gate.Refuse(update, share!, out var values) ?? UpdateReceipt.Counted;
            if (receipt.Accepted)
            {
                _journal.Commit(new UpdateCounts(now, Kept(values)));
            }
            else if (_open!.Awaits(update.Device))
            {
                _journal.Commit(new MemberRefused(now, update.Device));
            }
        }

        if (!receipt.Accepted)
        {
            activity?.SetTag("comigs.refusal.code", receipt.Code.ToString());
            _events.Add(new UpdateRefused(update.Round, update.Device, receipt));
        }

        return receipt;
    }

    /// <summary>An update that somebody has to keep in memory must not lie in memory that the transport uses again.</summary>
    private ExpertUpdate Kept(ExpertUpdate update) =>
        _strategy.Needs.Updates == UpdateAccess.All && !_journal.IsKept ? update with { Tensors = update.Tensors.Copy() } : update;

    /// <summary>Whether an update is due, and what its device shares; its content is the gate's business.</summary>
    /// <returns>The receipt; null when the update may count in the open round.</returns>
    private UpdateReceipt? WhenDue(ExpertUpdate update, out DeviceShare? share)
    {
        share = null;
        if (update.Run != _options.Run)
        {
            return UpdateReceipt.Refuse(RefusalCode.UnknownRun, $"This coordinator leads the run {_options.Run}, not {update.Run}.");
        }

        if (_last.Counts(update) || _open?.Counts(update) == true)
        {
            return UpdateReceipt.Counted;
        }

        if (update.Round <= RoundsDone)
        {
            share = Carried(update);
            return share is not null ? null : UpdateReceipt.Refuse(RefusalCode.RoundClosed, $"Round {update.Round} is over; {RoundsDone} rounds are done. Check in for the next one.");
        }

        if (_open is not { } open || update.Round != open.Number)
        {
            return UpdateReceipt.Refuse(RefusalCode.RoundNotOpen, $"Round {update.Round} is not open. Check in and follow the plan.");
        }

        share = open.ShareOf(update.Device);
        return open.Objection(update);
    }

    /// <summary>What the device of a late update shares, if the update may count in the open round; differences to a version that is gone may not.</summary>
    private DeviceShare? Carried(ExpertUpdate update) =>
        _options.LateUpdates == LateUpdates.Carry && update.Content == UpdateContent.Values && _open is { } open && update.Round == RoundsDone && !open.Has(update.Device) ? _last.Missing(update.Device) : null;

    private void Join(OpenRound open, DeviceShare share, DateTimeOffset now)
    {
        if (!open.Knows(share))
        {
            _journal.Commit(new MemberComes(now, share));
        }
    }

    private void OpenWhenReady(DateTimeOffset now)
    {
        var enough = _waiting.Count >= Target || (_waiting.Count >= _options.MinimumDevices && GatheringDeadline <= now);
        if (_open is null && !IsFinished && enough)
        {
            var round = RoundsDone + 1;
            Lead(() => _journal.Commit(new RoundBegins(now, Facts, round, [.. DeviceSample.Of(_waiting.Values, round, _options)])));
        }
    }

    /// <summary>Begins or ends a round. If that fails, the message that gave rise to it is not to blame, and the next one will fare no better.</summary>
    private void Lead(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is not (StoreException or ObjectDisposedException)) // a store that is away comes back, and one that was given up is no failure of the run
        {
            Failure = e;
            throw;
        }
    }

    private void Close(OpenRound round, DateTimeOffset now)
    {
        var shared = round.Complete();
        _journal.Commit(new RoundEnds(
            now, Facts, round.Number, Version + (shared.Count > 0 ? 1 : 0), shared, _journal.IsKept ? _strategy.SaveState() : default, round.Receipts(), round.MissingShares()));
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
