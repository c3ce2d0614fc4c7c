using CoMiGS.Demo.Events;
using Spectre.Console;

namespace CoMiGS.Demo.Screen;

/// <summary>A line at a time, for logs.</summary>
internal sealed class PlainScreen(IAnsiConsole console) : IScreen, IProgress<DemoEvent>
{
    private const int BaseStepsPerLine = 100;

    private readonly Lock _lock = new();
    private readonly HashSet<(Results.MethodKind, int)> _shown = [];

    /// <inheritdoc/>
    public Task<T> WatchAsync<T>(Func<IProgress<DemoEvent>, Task<T>> work) => work(this);

    /// <inheritdoc/>
    public void Report(DemoEvent value)
    {
        lock (_lock)
        {
            if (LineFor(value) is { } line)
            {
                console.WriteLine(line);
            }
        }
    }

    private string? LineFor(DemoEvent happened) => happened switch
    {
        TextReady text => $"{text.Scenario}: {string.Join(", ", text.Devices.Select(device => $"{device.Name} {device.TrainBytes / 1000.0:0.#} KB"))}",
        BaseModelStep step when step.Step % BaseStepsPerLine == 0 || step.Step == step.Steps =>
            $"base model: step {step.Step}/{step.Steps}, loss {step.Loss:0.000}, {step.TokensPerSecond:N0} tokens/s",
        BaseModelReady ready => $"base model: {ready.Description}{(ready.FromCache ? ", from the cache" : "")}{(ready.Note is null ? "" : $" ({ready.Note})")}",
        // One line a round: the first device that enters it.
        DeviceStep step when _shown.Add((step.Method, step.Round)) =>
            $"{step.Method}: round {step.Round}/{step.Rounds}, {step.Device}, loss {step.Loss:0.000}, {step.TokensPerSecond:N0} tokens/s",
        MethodDone done => $"{done.Method}: mean test perplexity {done.Mean:0.000}",
        _ => null,
    };
}
