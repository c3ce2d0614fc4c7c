using System.Globalization;
using CoMiGS.Demo.Events;
using CoMiGS.Experiments.Running;

namespace CoMiGS.Experiments.Screen;

/// <summary>A line at a time, for logs.</summary>
/// <param name="writer">Where to.</param>
public sealed class ExperimentLines(TextWriter writer) : IProgress<DemoEvent>
{
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public void Report(DemoEvent value)
    {
        lock (_lock)
        {
            if (LineFor(value) is { } line)
            {
                writer.WriteLine(line);
                writer.Flush();
            }
        }
    }

    private static string? LineFor(DemoEvent happened) => happened switch
    {
        Resumed found => $"{found.Finished} of {found.Cells} cells are finished already{(found.UnreadableLines == 0 ? "" : $"; {found.UnreadableLines} unreadable lines were passed over")}",
        BaseModelReady ready => $"base model: {(ready.FromCache ? "from the cache" : "trained")}{(ready.Note is null ? "" : $" ({ready.Note})")}",
        CellDone { Result.Problem: { } problem } done => $"{done.Finished}/{done.Cells} {done.Cell.Title}: {problem}",
        CellDone done => string.Create(CultureInfo.InvariantCulture, $"{done.Finished}/{done.Cells} {done.Cell.Title}: mean perplexity {done.Result.Mean:0.000}, {done.Result.Seconds:0.0} s"),
        _ => null,
    };
}
