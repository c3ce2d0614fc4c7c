using CoMiGS.Demo.Events;
using CoMiGS.Demo.Results;
using Spectre.Console;

namespace CoMiGS.Demo.Screen;

/// <summary>Turns what a run reports into bars. Reports may come from several threads.</summary>
internal sealed class LiveBars : IProgress<DemoEvent>
{
    private readonly Lock _lock = new();
    private readonly ProgressTask _base;
    private readonly Dictionary<MethodKind, ProgressTask> _methods;

    public LiveBars(ProgressContext context)
    {
        _base = context.AddTask(Row("Base model", "reading text"), autoStart: true);
        _methods = Enum.GetValues<MethodKind>().ToDictionary(kind => kind, kind => context.AddTask(Row(kind.ToString(), "waiting"), autoStart: false));
    }

    /// <inheritdoc/>
    public void Report(DemoEvent value)
    {
        lock (_lock)
        {
            Show(value);
        }
    }

    private void Show(DemoEvent happened)
    {
        switch (happened)
        {
            case BaseModelStep step:
                _base.MaxValue = step.Steps;
                _base.Value = step.Step;
                _base.Description = Row("Base model", $"step {step.Step,4}/{step.Steps}, loss {step.Loss:0.000}, {step.TokensPerSecond:N0} tokens/s");
                break;
            case BaseModelReady ready:
                _base.Value = _base.MaxValue;
                _base.Description = Row("Base model", ready.Description + (ready.FromCache ? ", from the cache" : ""));
                break;
            case DeviceStep step:
                var bar = _methods[step.Method];
                bar.StartTask();
                bar.MaxValue = step.StepsInAll;
                bar.Value = Math.Max(bar.Value, step.StepsDone);
                bar.Description = Row(
                    step.Method.ToString(),
                    $"round {step.Round,2}/{step.Rounds}, {step.Device}, loss {step.Loss:0.000}, {step.TokensPerSecond:N0} tokens/s");
                break;
            case MethodDone done:
                _methods[done.Method].Value = _methods[done.Method].MaxValue;
                _methods[done.Method].Description = Row(done.Method.ToString(), $"mean test perplexity {done.Mean:0.000}");
                break;
        }
    }

    private static string Row(string name, string what) => $"[bold]{Markup.Escape(name),-10}[/] {Markup.Escape(what),-58}";
}
