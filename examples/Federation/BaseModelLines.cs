using CoMiGS.Demo.Events;

namespace CoMiGS.FederationTrial;

/// <summary>Tells of the base model's training.</summary>
internal sealed class BaseModelLines(Action<string> tell) : IProgress<DemoEvent>
{
    private const int StepsPerLine = 100;

    public void Report(DemoEvent value)
    {
        switch (value)
        {
            case BaseModelStep step when step.Step % StepsPerLine == 0:
                tell($"base model: step {step.Step}/{step.Steps}, loss {step.Loss:0.000}");
                break;
            case BaseModelReady ready:
                tell($"base model: {ready.Description}{(ready.FromCache ? ", from the cache" : "")}{(ready.Note is null ? "" : $" ({ready.Note})")}");
                break;
        }
    }
}
