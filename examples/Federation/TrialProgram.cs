using CoMiGS.Demo;
using CoMiGS.Demo.Events;
using CoMiGS.FederationTrial.Preparation;
using CoMiGS.FederationTrial.Processes;
using CoMiGS.FederationTrial.Results;
using CoMiGS.FederationTrial.Running;

namespace CoMiGS.FederationTrial;

/// <summary>The trial: the demo's job by five processes, undisturbed and with kills, and a comparison of what came out.</summary>
public static class TrialProgram
{
    private const string Loopback = "127.0.0.1";

    /// <summary>Runs it.</summary>
    /// <param name="options">What the command line asked for.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="stop">Stops it, and all processes with it.</param>
    /// <returns>Whether the adapters are the same.</returns>
    /// <exception cref="DemoException">The options have to be put right.</exception>
    /// <exception cref="TrialException">A process failed, or none does anything any more.</exception>
    public static async Task<bool> RunAsync(TrialOptions options, TextWriter output, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        var time = TimeProvider.System;
        using var folder = new TrialFolder(options.Keep);
        var tell = Teller(output, time);
        using var job = Job.Make(options, time, new BaseModelLines(tell), stop);

        var undisturbed = await FolderAsync("undisturbed").ConfigureAwait(false);
        tell("Undisturbed run");
        await RunAsync(undisturbed, null).ConfigureAwait(false);

        var disturbed = await FolderAsync("with-kills").ConfigureAwait(false);
        tell("Run with kills");
        await RunAsync(disturbed, job.Devices[^1]).ConfigureAwait(false);

        var same = Comparison.Of(job.Devices, undisturbed.Path, disturbed.Path, tell);
        await output.WriteLineAsync($"adapters identical to the undisturbed run: {(same ? "yes" : "no")}").ConfigureAwait(false);
        return same;

        Task<RunFolder> FolderAsync(string name) => RunFolder.WriteAsync(folder.PathOf(name), job, Loopback, time, [], []);

        async Task RunAsync(RunFolder runFolder, string? victim)
        {
            var run = new FederationRun(runFolder, new RoundLines(options.Rounds, time, Indented).Hear, stop);
            await using var disposal = run.ConfigureAwait(false);
            await run.StartCoordinatorAsync().ConfigureAwait(false);
            foreach (var device in job.Devices)
            {
                run.StartDevice(device);
            }

            Indented($"coordinator, with the live page, at {run.Address} (process {run.Coordinator.Id}), devices {string.Join(", ", job.Devices.Select(device => $"{device} ({run.Device(device).Id})"))}");
            if (victim is not null)
            {
                await new Disturbance(run, options, victim, line => Indented($"** {line}")).RunAsync().ConfigureAwait(false);
            }

            await run.FinishAsync().ConfigureAwait(false);
        }

        void Indented(string line) => tell($"  {line}");
    }

    /// <summary>Writes the folders for a run on several hosts.</summary>
    /// <param name="options">What the command line asked for.</param>
    /// <param name="folder">Where they appear.</param>
    /// <param name="address">Where the devices will reach the coordinator.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="stop">Stops it.</param>
    /// <exception cref="DemoException">The folder is there already, or cannot be written to.</exception>
    public static async Task PrepareAsync(TrialOptions options, string folder, Uri address, TextWriter output, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new DemoException($"'{folder}' is not empty. Name a new folder: what a coordinator or a device has written there must not be mixed with another run.");
        }

        var time = TimeProvider.System;
        using var job = Job.Make(options, time, new BaseModelLines(Teller(output, time)), stop);
        var made = await RunFolder.WriteAsync(folder, job, address.Host, time, [$"--listen https://0.0.0.0:{address.Port}"], [$"--coordinator {address.GetLeftPart(UriPartial.Authority)}"]).ConfigureAwait(false);
        await output.WriteLineAsync($"Copy each folder to its host, and start in it: CoMiGS.CoordinatorHost or CoMiGS.DeviceHost @{RunFolder.Options}").ConfigureAwait(false);
        foreach (var own in made.Devices.Select(made.Of).Prepend(made.Coordinator))
        {
            await output.WriteLineAsync($"  {own}").ConfigureAwait(false);
        }
    }

    /// <summary>Lines with the time since the beginning, one after another.</summary>
    private static Action<string> Teller(TextWriter output, TimeProvider time)
    {
        var begin = time.GetTimestamp();
        var whole = TextWriter.Synchronized(output);
        return line => whole.WriteLine($"{time.GetElapsedTime(begin).TotalSeconds,6:0.0} s  {line}");
    }
}
