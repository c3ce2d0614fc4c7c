using System.Diagnostics;
using System.Globalization;
using System.Net;
using CoMiGS.Aggregation;
using CoMiGS.Bench.Harness;
using CoMiGS.Federation;
using CoMiGS.Storage.Sqlite;
using CoMiGS.Transport;
using CoMiGS.Transport.Http;

namespace CoMiGS.Bench.Coordination;

/// <summary>A coordinator over HTTPS that gets updates one after the other, and the resident memory of its process.</summary>
public static class CoordinatorMeasurement
{
    /// <summary>The command of a child process that measures.</summary>
    public const string Command = "coordinator-case";

    private const string Run = "run";

    /// <summary>Measures in a process of its own, whose garbage collector is set as that of the coordinator program (<c>examples/Coordinator</c>).</summary>
    public static CoordinatorFigures InChild(CoordinatorCase of) => ChildProcess.Run<CoordinatorFigures>(Command, of, ("DOTNET_GCConserveMemory", "9"));

    /// <summary>Measures in this process, which has done nothing before.</summary>
    /// <exception cref="InvalidOperationException">An update was refused, or the last one did not end the run.</exception>
    public static CoordinatorFigures Measure(CoordinatorCase of)
    {
        ArgumentNullException.ThrowIfNull(of);
        var clock = Stopwatch.StartNew();
        var folder = Directory.CreateTempSubdirectory("comigs").FullName;
        try
        {
            var rounds = of.Updates / of.Devices;
            using var coordinator = new Coordinator(
                new RoundOptions { Run = Run, Count = rounds, MinimumDevices = of.Devices },
                new WeightedMean(),
                store: of.Store ? new SqliteRoundStore(Path.Combine(folder, "runs.db")) : null);
            Lead(coordinator, of, rounds);
            return coordinator.Finished.IsCompletedSuccessfully
                ? new(ResidentMemory.Peak, clock.Elapsed.TotalSeconds)
                : throw new InvalidOperationException($"{of.Updates} updates of {of.Devices} devices did not end {rounds} rounds.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Lead(Coordinator coordinator, CoordinatorCase of, int rounds)
    {
        using var stop = new CancellationTokenSource();
        var transport = new HttpCoordinatorTransport(new HttpCoordinatorOptions { AllowUnknownDevices = true });
        using var server = new LoopbackServer(routes => routes.MapCoMiGSCoordinator(transport), kestrel => kestrel.UseCoMiGSLimits());
        var serving = transport.ServeAsync(coordinator, stop.Token);
        using var http = server.Client(HttpVersion.Version11);
        var upload = new RawUpload(http);
        var size = SyntheticUpdate.Of(of.Smoke);
        var numbers = size.Numbers(1);
        List<string> devices = [.. Enumerable.Range(0, of.Devices).Select(i => string.Create(CultureInfo.InvariantCulture, $"device {i}"))];
        for (var round = 1; round <= rounds; round++)
        {
            var plans = devices.Select(device => coordinator.CheckInAsync(SyntheticUpdate.CheckIn(Run, device, numbers.Specs))).ToArray();
            Task.WhenAll(plans).GetAwaiter().GetResult();
            foreach (var device in devices)
            {
                var receipt = upload.Send(SyntheticUpdate.Update(Run, round, device, numbers));
                if (!receipt.Accepted)
                {
                    throw new InvalidOperationException($"The update of {device} in round {round} was refused: {receipt.Reason}");
                }
            }
        }

        stop.Cancel();
        serving.GetAwaiter().GetResult();
    }
}
