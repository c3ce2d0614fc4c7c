using CoMiGS.Demo.Events;
using CoMiGS.Demo.Training;
using CoMiGS.Experiments.Results;
using CoMiGS.Federation;
using CoMiGS.Models;
using CoMiGS.Training;
using CoMiGS.Transport;
using Microsoft.Extensions.DependencyInjection;

namespace CoMiGS.Experiments.Running;

/// <summary>Runs cells: a federation from its first round to the figures over whole test splits.</summary>
internal sealed class CellRunner(BaseModelSettings settings, Gpt baseModel, int threads, TimeProvider time)
{
    public async Task<CellResult> RunAsync(Cell cell, IProgress<DemoEvent> progress, CancellationToken cancellation)
    {
        var peakIsKnown = PeakMemory.Begin();
        var (start, spent) = (time.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var participants = Participant.Of(cell);
        var watch = new CellWatch(cell, participants, settings.Window, progress, cancellation);
        var (users, problem) = await TrainAsync(cell, participants, watch, cancellation).ConfigureAwait(false);
        return new CellResult(
            cell.Key, cell.Data.Name, cell.Method.Name, cell.Seed, users, watch.Bytes / cell.Budget.Rounds, time.GetElapsedTime(start).TotalSeconds,
            peakIsKnown ? PeakMemory.Read() : null, problem, MachineName.Get())
        {
            ProcessorSeconds = (Environment.CpuUsage.TotalTime - spent).TotalSeconds,
        };
    }

    private async Task<(IReadOnlyList<UserResult> Users, string? Problem)> TrainAsync(
        Cell cell, IReadOnlyList<Participant> participants, CellWatch watch, CancellationToken cancellation)
    {
        using var composition = new CellComposition(cell, participants, settings.Window, () => settings.CopyOf(baseModel));
        var services = composition.Compose(threads, time, watch);
        await using var disposal = services.ConfigureAwait(false);
        var federation = services.GetRequiredService<InProcessFederation>();
        watch.Devices = federation.Devices;
        try
        {
            await federation.RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (NonFiniteLossException diverged)
        {
            return ([], diverged.Message);
        }
        catch (FederationException refused) when (refused.Refusal.Code is RefusalCode.NotFinite or RefusalCode.Magnitude)
        {
            return ([], refused.Message);
        }

        var users = new IReadOnlyList<UserResult>[participants.Count];
        Parallel.For(0, users.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, index => users[index] = watch.Finish(participants[index]));
        var all = users.SelectMany(figures => figures).ToList();
        return all.Find(user => !user.IsFinite) is { } lost ? ([], $"The training diverged in its last steps: {lost.Name} has a perplexity that is no number. Use a lower learning rate.") : (all, null);
    }
}
