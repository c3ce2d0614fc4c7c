using CoMiGS.Demo.Events;
using CoMiGS.Experiments.Running;
using Spectre.Console;

namespace CoMiGS.Experiments.Screen;

/// <summary>Three bars: all cells, the base model, the present cell. Reports may come from several threads.</summary>
internal sealed class ExperimentBars : IProgress<DemoEvent>
{
    private readonly Lock _lock = new();
    private readonly ProgressTask _cells, _base, _cell;

    private ExperimentBars(ProgressContext context) =>
        (_cells, _base, _cell) = (context.AddTask(Row("All cells", "reading text")), context.AddTask(Row("Base model", "waiting")), context.AddTask(Row("Cell", "waiting")));

    /// <summary>Runs <paramref name="work"/> with the bars on the screen.</summary>
    public static Task<T> WatchAsync<T>(IAnsiConsole console, Func<IProgress<DemoEvent>, Task<T>> work) => console.Progress()
        .AutoClear(false)
        .HideCompleted(false)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new RemainingTimeColumn())
        .StartAsync(context => work(new ExperimentBars(context)));

    /// <inheritdoc/>
    public void Report(DemoEvent value)
    {
        lock (_lock)
        {
            switch (value)
            {
                case Resumed found:
                    Set(_cells, found.Finished, found.Cells, Row("All cells", $"{found.Finished} of {found.Cells} finished"));
                    break;
                case BaseModelStep step:
                    Set(_base, step.Step, step.Steps, Row("Base model", $"step {step.Step}/{step.Steps}, loss {step.Loss:0.000}"));
                    break;
                case BaseModelReady ready:
                    Set(_base, 1, 1, Row("Base model", ready.FromCache ? "from the cache" : "trained"));
                    break;
                case CellStarted started:
                    Set(_cell, 0, 1, Row("Cell", started.Cell.Title));
                    break;
                case CellStep step:
                    Set(_cell, step.Done, step.All, Row("Cell", $"{step.Cell.Title}, loss {step.Loss:0.000}"));
                    break;
                case CellDone done:
                    Set(_cells, done.Finished, done.Cells, Row("All cells", $"{done.Finished} of {done.Cells} finished"));
                    break;
            }
        }
    }

    private static void Set(ProgressTask task, double value, double most, string description) => (task.MaxValue, task.Value, task.Description) = (most, value, description);

    private static string Row(string name, string what) => $"[bold]{Markup.Escape(name),-10}[/] {Markup.Escape(what),-70}";
}
