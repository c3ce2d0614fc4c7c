using System.Collections.Concurrent;
using CoMiGS.FederationTrial.Preparation;
using CoMiGS.FederationTrial.Processes;

namespace CoMiGS.FederationTrial.Running;

/// <summary>A coordinator and its devices as processes, from the first to the last.</summary>
internal sealed class FederationRun : IAsyncDisposable
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    private readonly RunFolder _folder;
    private readonly Action<Child, LogLine> _heard;
    private readonly CancellationTokenSource _stop;
    private readonly ConcurrentBag<Child> _all = [];
    private readonly Dictionary<string, Child> _devices = [];
    private Child? _coordinator;
    private Uri? _address;
    private string? _failure;

    /// <param name="folder">What the processes need, and where they write.</param>
    /// <param name="heard">Hears of every message of every process, on any thread.</param>
    /// <param name="stop">Ends the run, and the processes with it.</param>
    public FederationRun(RunFolder folder, Action<Child, LogLine> heard, CancellationToken stop)
    {
        (_folder, _heard) = (folder, heard);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Caller = stop;
    }

    /// <summary>Where the coordinator listens.</summary>
    public Uri Address => _address!;

    public Child Coordinator => _coordinator!;

    private CancellationToken Caller { get; }

    public Child Device(string name) => _devices[name];

    /// <summary>Starts the coordinator, at the address that it had before if it was started before; it listens when this returns.</summary>
    public async Task StartCoordinatorAsync()
    {
        _coordinator = Start("coordinator", Programs.Coordinator(_folder.Coordinator, "--listen", _address?.GetLeftPart(UriPartial.Authority) ?? "https://127.0.0.1:0"));
        var line = await HearAsync(_coordinator, Heard.IsListening).ConfigureAwait(false);
        _address = new Uri(line.Word("address"));
    }

    /// <summary>Starts a device, for the first time or again.</summary>
    public void StartDevice(string name) => _devices[name] = Start(name, Programs.Device(_folder.Of(name), "--coordinator", Address.GetLeftPart(UriPartial.Authority)));

    /// <summary>The first message of a process that fits.</summary>
    /// <exception cref="TrialException">A process failed, or nothing happens any more.</exception>
    public Task<LogLine> HearAsync(Child child, Func<LogLine, bool> wanted) => GuardAsync(child.HearAsync(wanted, _stop.Token));

    /// <summary>Kills a process at its first message that fits.</summary>
    /// <returns>The message.</returns>
    /// <exception cref="TrialException">A process failed, or nothing happens any more.</exception>
    public Task<LogLine> KillAtAsync(Child child, Func<LogLine, bool> wanted) => GuardAsync(child.KillAtAsync(wanted, _stop.Token));

    /// <summary>Waits until the run is over for all devices, and stops the coordinator.</summary>
    /// <exception cref="TrialException">A process failed, or nothing happens any more.</exception>
    public async Task FinishAsync()
    {
        foreach (var device in _devices.Values)
        {
            await GuardAsync(EndAsync(device)).ConfigureAwait(false);
        }

        await Signal.TerminateAsync(Coordinator.Id).ConfigureAwait(false);
        await GuardAsync(EndAsync(Coordinator)).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var child in _all)
        {
            child.Dispose();
        }

        await Task.WhenAll(_all.Select(child => child.Ended)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private Child Start(string name, System.Diagnostics.ProcessStartInfo start)
    {
        Caller.ThrowIfCancellationRequested();
        var child = new Child(name, start, $"{start.WorkingDirectory}.log", Hear);
        _all.Add(child);
        _ = WatchAsync(child);
        return child;
    }

    private void Hear(Child child, LogLine line)
    {
        if (!_stop.IsCancellationRequested)
        {
            _stop.CancelAfter(LongestSilence);
        }

        _heard(child, line);
    }

    /// <summary>A process that fails ends the run.</summary>
    private async Task WatchAsync(Child child)
    {
        await child.Ended.ConfigureAwait(false);
        if (Failure(child) is { } failure)
        {
            _failure ??= failure;
            await _stop.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task<Child> EndAsync(Child child)
    {
        await child.Ended.WaitAsync(_stop.Token).ConfigureAwait(false);
        _failure ??= Failure(child);
        return child;
    }

    private static string? Failure(Child child) => child.WasKilled || child.ExitCode == 0 ? null : $"{child.Name} ended with exit code {child.ExitCode}. {child.Complaints}";

    private async Task<T> GuardAsync<T>(Task<T> work)
    {
        try
        {
            var result = await work.ConfigureAwait(false);
            return _failure is null ? result : throw new TrialException(_failure);
        }
        catch (OperationCanceledException) when (!Caller.IsCancellationRequested)
        {
            throw new TrialException(_failure ?? $"No process of the run has said anything for {LongestSilence.TotalMinutes} minutes. Say --keep DIR to look into their logs.");
        }
    }
}
