using CoMiGS.Demo.Events;
using Spectre.Console;

namespace CoMiGS.Demo.Screen;

/// <summary>A bar for the base model and one for each method, with round, device, loss, tokens per second and the time left.</summary>
internal sealed class LiveScreen(IAnsiConsole console) : IScreen
{
    /// <inheritdoc/>
    public Task<T> WatchAsync<T>(Func<IProgress<DemoEvent>, Task<T>> work) =>
        console.Progress()
            .AutoClear(false)
            .HideCompleted(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = 24 },
                new PercentageColumn(),
                new RemainingTimeColumn())
            .StartAsync(context => work(new LiveBars(context)));
}
