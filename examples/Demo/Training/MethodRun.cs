using CoMiGS.Demo.Events;
using CoMiGS.Demo.Results;
using Microsoft.Extensions.DependencyInjection;

namespace CoMiGS.Demo.Training;

/// <summary>Runs one method from the first round to the last figure.</summary>
internal static class MethodRun
{
    /// <param name="method">The method.</param>
    /// <param name="plan">What it has in common with the others.</param>
    /// <param name="time">The clock of the figures on speed.</param>
    /// <param name="progress">Hears of every step.</param>
    /// <param name="whenTrained">Gets the trained devices, before they are disposed.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    public static async Task<MethodResult> RunAsync(
        MethodKind method,
        RunPlan plan,
        TimeProvider time,
        IProgress<DemoEvent> progress,
        Action<IReadOnlyList<CoMiGSDevice>> whenTrained,
        CancellationToken cancellation)
    {
        var watch = new MethodWatch(method, plan, time, progress, cancellation);
        var services = MethodComposition.Compose(method, plan, watch, time);
        await using var disposal = services.ConfigureAwait(false);
        var federation = services.GetRequiredService<InProcessFederation>();
        watch.Devices = federation.Devices;
        await federation.RunAsync(cancellation).ConfigureAwait(false);

        var perplexity = new double[plan.Devices.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = plan.Options.Threads, CancellationToken = cancellation };
        Parallel.For(0, perplexity.Length, parallel, index =>
            perplexity[index] = TestPerplexity.Of(federation.Devices[index].Model, federation.Devices[index].Data.Test!, plan.Base.Window, cancellation));
        whenTrained(federation.Devices);

        var records = plan.Devices.Select(device => watch.Of(device.Name)).ToList();
        progress.Report(new MethodDone(method, perplexity.Average()));
        return new MethodResult(
            method,
            perplexity,
            [.. records.Select(record => record.AfterLocalSteps)],
            records.Sum(record => record.Bytes) / plan.Options.Rounds,
            [.. records.Select(record => record.Curve())]);
    }
}
