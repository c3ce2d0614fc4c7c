using CoMiGS.Demo.Events;
using CoMiGS.Demo.Results;
using CoMiGS.Federation;
using CoMiGS.Training;

namespace CoMiGS.Demo.Training;

/// <summary>
/// Follows the devices of one method: passes their steps on as progress, and looks at their models whenever the federation lets them hold
/// still. Devices report from several threads.
/// </summary>
internal sealed class MethodWatch(MethodKind method, RunPlan plan, TimeProvider time, IProgress<DemoEvent> progress, CancellationToken cancellation)
    : IProgress<StepReport>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DeviceRecord> _records = plan.Devices.Select((device, index) => (device.Name, Record: new DeviceRecord(plan.HeldOutOf(index))))
        .ToDictionary(pair => pair.Name, pair => pair.Record, StringComparer.Ordinal);

    private readonly long _start = time.GetTimestamp();
    private int _stepsDone;
    private long _tokens;

    /// <summary>The devices, known once the container is built.</summary>
    public IReadOnlyList<CoMiGSDevice> Devices { get; set; } = [];

    /// <summary>What was seen of a device.</summary>
    public DeviceRecord Of(string device) => _records[device];

    /// <summary>A training step was made.</summary>
    public void Report(StepReport value)
    {
        if (value.Kind != StepKind.Expert)
        {
            return;
        }

        var round = (int)((value.Step - 1) / plan.Options.Steps) + 1;
        lock (_lock)
        {
            _records[value.Device].AddStep(round, value.Loss);
            _stepsDone++;
            _tokens += value.Tokens;
            var all = plan.Devices.Count * plan.Options.Rounds * plan.Options.Steps;
            progress.Report(new DeviceStep(
                method, value.Device, round, plan.Options.Rounds, _stepsDone, all, value.Loss, _tokens / time.GetElapsedTime(_start).TotalSeconds));
        }
    }

    /// <summary>A device has come to a stage of a round, and its model holds still.</summary>
    public void OnMoment(DeviceMoment moment)
    {
        var record = _records[moment.Device];
        switch (moment.Stage)
        {
            // What was averaged after a round arrives at the beginning of the next one.
            case DeviceStage.Synchronised when moment.Round > 1:
                record.SetHeldOut(moment.Round - 1, Loss(moment.Device, record));
                break;
            case DeviceStage.Trained when moment.Round == moment.Rounds:
                record.AfterLocalSteps = TestPerplexity.Of(Model(moment.Device), Test(moment.Device), plan.Base.Window, cancellation);
                break;
            case DeviceStage.Finished:
                record.SetHeldOut(moment.Rounds, Loss(moment.Device, record));
                record.Bytes = moment.BytesSent + moment.BytesReceived;
                break;
        }
    }

    private double Loss(string device, DeviceRecord record) =>
        Evaluation.Run(Model(device).Model, record.HeldOut, plan.Base.Window, cancellationToken: cancellation).Loss;

    private Layers.MoeModel Model(string device) => Device(device).Model;

    private Data.ITokenSource Test(string device) => Device(device).Data.Test!;

    private CoMiGSDevice Device(string name) => Devices.Single(device => device.Name == name);
}
