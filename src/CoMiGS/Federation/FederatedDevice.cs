using System.Diagnostics;
using CoMiGS.Diagnostics;
using CoMiGS.Parameters;
using CoMiGS.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CoMiGS.Federation;

/// <summary>
/// A device's part in a run: <c>check in -> download or initialise -> train -> upload</c>, round after round, and one download more
/// when the run is over.
/// </summary>
/// <remarks>
/// Synchronising, training and exporting run on one thread, without an await in between. Cancelling is seen at every await and before every step; it leaves whole
/// parameters behind, those of the last step. How many devices of one process train at once is the scheduler's business.
/// </remarks>
public sealed class FederatedDevice
{
    private readonly string _run;
    private readonly ILocalTraining _training;
    private readonly IDeviceTransport _transport;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Action<DeviceMoment>? _onMoment;
    private readonly TaskScheduler _scheduler;
    private readonly UpdatePacking _packing;
    private SeededRandom _random;
    private long _bytesSent;
    private long _bytesReceived;

    /// <summary>A device that has not checked in yet.</summary>
    /// <param name="run">The run to take part in.</param>
    /// <param name="name">The device's name, unique within the run.</param>
    /// <param name="training">What it does between download and upload; stays with its owner.</param>
    /// <param name="transport">The way to the coordinator.</param>
    /// <param name="logger">Where to log; nowhere if none is given.</param>
    /// <param name="time">The clock; the system's if none is given.</param>
    /// <param name="onMoment">Told of every stage, on the thread that trains; the model holds still until it returns.</param>
    /// <param name="scheduler">Where it trains; with it a host says how many devices of one process train at once. The thread pool if none is given.</param>
    /// <param name="roundingFile">A file of this device's own for what rounding takes from its updates, next to its training state; only memory if none is given.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public FederatedDevice(
        string run,
        string name,
        ILocalTraining training,
        IDeviceTransport transport,
        ILogger? logger = null,
        TimeProvider? time = null,
        Action<DeviceMoment>? onMoment = null,
        TaskScheduler? scheduler = null,
        string? roundingFile = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(run);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(transport);
        _run = run;
        Name = name;
        _training = training;
        _transport = transport;
        _logger = logger ?? NullLogger.Instance;
        _time = time ?? TimeProvider.System;
        _onMoment = onMoment;
        _scheduler = scheduler ?? TaskScheduler.Default;
        _packing = new UpdatePacking(new RoundingRest(run, name, roundingFile));
        _random = new SeededRandom(new Seed(0).For(name));
    }

    /// <summary>The device's name.</summary>
    public string Name { get; }

    /// <summary>Takes part until the run is over.</summary>
    /// <param name="cancellationToken">Leaves the run.</param>
    /// <returns>How the run ended.</returns>
    /// <exception cref="FederationException">The coordinator refuses the device, or an update that it could only repeat.</exception>
    /// <exception cref="TransportException">A message did not get through.</exception>
    public async Task<RunFinished> RunAsync(CancellationToken cancellationToken = default)
    {
        var (round, attempt) = (0, 0);
        while (true)
        {
            switch (await CheckInAsync(cancellationToken).ConfigureAwait(false))
            {
                case RoundPlan plan:
                    (round, attempt) = (plan.Round, plan.Round == round ? attempt + 1 : 1);
                    await TakePartAsync(plan, attempt, cancellationToken).ConfigureAwait(false);
                    break;
                case RetryWindow window:
                    await Task.Delay(Within(window), _time, cancellationToken).ConfigureAwait(false);
                    break;
                case RunFinished finished:
                    if (await FinishAsync(finished, cancellationToken).ConfigureAwait(false))
                    {
                        return finished;
                    }

                    break;
                case Refused refused:
                    throw new FederationException($"The coordinator turns device '{Name}' away ({refused.Code}): {refused.Reason}", Name, refused);
            }
        }
    }

    private async Task TakePartAsync(RoundPlan plan, int attempt, CancellationToken cancellationToken)
    {
        using var activity = Start("participation")?.SetTag("comigs.round", plan.Round);
        Accept(plan);
        _logger.DeviceRoundBegins(Name, plan.Round, plan.Rounds, plan.Version);
        if (await DownloadAsync(plan.Version, plan.SendAs, cancellationToken).ConfigureAwait(false) is not (true, var download))
        {
            return; // the round closed meanwhile: the next check-in brings a new plan
        }

        var update = await QuietlyAsync(() => Train(plan, download, attempt, cancellationToken), cancellationToken).ConfigureAwait(false);
        await UploadAsync(update, plan, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The quiet part: one thread, no await.</summary>
    private ExpertUpdate Train(RoundPlan plan, TensorSet? download, int attempt, CancellationToken cancellationToken)
    {
        var goesOn = _training.GoesOn(plan);
        _training.StartsFrom(plan, download);
        if (!goesOn)
        {
            Begin(plan, download);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var metrics = Train(plan, cancellationToken);
        Report(DeviceStage.Trained, plan.Round, plan.Rounds, metrics);
        var update = new ExpertUpdate(plan.Run, plan.Round, Name, attempt, _training.BaseFingerprint, _training.Samples, _training.Export(), metrics);
        return _packing.Pack(update, download, plan.SendAs);
    }

    private IReadOnlyDictionary<string, double> Train(RoundPlan plan, CancellationToken cancellationToken)
    {
        using var activity = Start("train")?.SetTag("comigs.round", plan.Round).SetTag("comigs.steps", plan.LocalSteps);
        return _training.Train(plan.LocalSteps, checked(plan.Rounds * plan.LocalSteps), cancellationToken);
    }

    private void Begin(RoundPlan plan, TensorSet? download)
    {
        Import(download);
        if (download is null && plan.Shared.Count > 0)
        {
            _training.InitialiseShared(plan.InitialSeed);
        }

        Report(DeviceStage.Synchronised, plan.Round, plan.Rounds);
    }

    private async Task<bool> FinishAsync(RunFinished finished, CancellationToken cancellationToken)
    {
        if (await DownloadAsync(finished.Version, TensorType.Float32, cancellationToken).ConfigureAwait(false) is not (true, var last))
        {
            return false; // the coordinator was exchanged meanwhile, and the next one knows of this device after its next check-in
        }

        _logger.DeviceFinished(Name, finished.Rounds, finished.Version);
        await QuietlyAsync(
            () =>
            {
                Import(last);
                _training.Finish(cancellationToken);
                Report(DeviceStage.Finished, finished.Rounds, finished.Rounds);
                return finished;
            },
            cancellationToken).ConfigureAwait(false);
        return true;
    }

    private void Import(TensorSet? download)
    {
        if (download is not null)
        {
            _training.Import(download);
        }
    }

    /// <summary>Runs on one thread of the scheduler from beginning to end.</summary>
    private Task<T> QuietlyAsync<T>(Func<T> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.DenyChildAttach, _scheduler);

    private async Task<CheckInReply> CheckInAsync(CancellationToken cancellationToken)
    {
        using var activity = Start("checkin");
        var checkIn = new CheckIn(_run, Name, _training.BaseFingerprint, _training.SharedParameters, _training.Samples, ProtocolVersion.Current)
        {
            Adapters = _training.Adapters,
            Abilities = _training.Abilities,
        };
        return await _transport.CheckInAsync(checkIn, cancellationToken).ConfigureAwait(false);
    }

    /// <returns>Whether the coordinator has that version, for this device; null tensors when all devices draw them.</returns>
    private async Task<(bool There, TensorSet? Tensors)> DownloadAsync(long version, TensorType type, CancellationToken cancellationToken)
    {
        if (version == 0)
        {
            return (true, null);
        }

        using var activity = Start("download")?.SetTag("comigs.version", version);
        try
        {
            var tensors = await _transport.DownloadAsync(new DownloadRequest(_run, Name, version) { Type = type }, cancellationToken).ConfigureAwait(false);
            _bytesReceived += tensors.TotalBytes;
            return (true, tensors.As(TensorType.Float32));
        }
        catch (RefusedException e) when (e.Refusal.Code is RefusalCode.UnknownVersion or RefusalCode.NotInRound)
        {
            return (false, null);
        }
    }

    private async Task UploadAsync(ExpertUpdate update, RoundPlan plan, CancellationToken cancellationToken)
    {
        using var activity = Start("upload")?.SetTag("comigs.round", plan.Round);
        var receipt = await _transport.UploadAsync(update, cancellationToken).ConfigureAwait(false);
        _bytesSent += update.Tensors.TotalBytes;
        if (!receipt.Accepted)
        {
            activity?.SetTag("comigs.refusal.code", receipt.Code.ToString());
            _packing.Withdraw(plan.Round);
            _logger.DeviceUpdateNotCounted(Name, plan.Round, receipt.Code.ToString(), receipt.Reason);
            if (receipt.Code is not (RefusalCode.RoundClosed or RefusalCode.RoundNotOpen or RefusalCode.NotInRound or RefusalCode.Duplicate))
            {
                throw new FederationException($"The coordinator refuses the update of device '{Name}' for round {plan.Round} ({receipt.Code}): {receipt.Reason}", Name, new Refused(receipt.Code, receipt.Reason));
            }
        }

        Report(DeviceStage.Uploaded, plan.Round, plan.Rounds, update.Metrics);
    }

    private void Accept(RoundPlan plan)
    {
        if (_training.Accept(plan) is { } difference)
        {
            throw new FederationException($"The plan of round {plan.Round} does not fit device '{Name}': {difference}", Name, new Refused(RefusalCode.Signature, difference));
        }
    }

    private TimeSpan Within(RetryWindow window)
    {
        var delay = window.MinDelay + ((window.MaxDelay - window.MinDelay) * _random.NextDouble());
        _logger.DeviceWaits(Name, delay, window.Reason);
        return delay;
    }

    private Activity? Start(string span) => CoMiGSTelemetry.Source.StartActivity(span)?.SetTag("comigs.run", _run).SetTag("comigs.device", Name);

    private void Report(DeviceStage stage, int round, int rounds, IReadOnlyDictionary<string, double>? metrics = null) =>
        _onMoment?.Invoke(new DeviceMoment(Name, stage, round, rounds, metrics ?? new Dictionary<string, double>(), _bytesSent, _bytesReceived));
}
