using CoMiGS.Federation;
using CoMiGS.Training;
using Microsoft.Extensions.Logging;

namespace CoMiGS.DeviceHost;

/// <summary>Logs how the device's training goes.</summary>
internal sealed class DeviceLines(ILogger log) : IProgress<StepReport>
{
    public void Report(StepReport value)
    {
        if (value.Kind == StepKind.Expert)
        {
            log.StepDone(value.Device, value.Step, value.Loss);
        }
    }

    public void OnMoment(DeviceMoment moment)
    {
        if (moment.Stage == DeviceStage.Trained)
        {
            log.RoundTrained(moment.Device, moment.Round, moment.Rounds, moment.Metrics.GetValueOrDefault("loss"));
        }
    }
}
