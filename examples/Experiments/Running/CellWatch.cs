using CoMiGS.Data;
using CoMiGS.Demo.Events;
using CoMiGS.Demo.Training;
using CoMiGS.Experiments.Results;
using CoMiGS.Federation;
using CoMiGS.Training;

namespace CoMiGS.Experiments.Running;

/// <summary>Follows the devices of a cell, which report from several threads, and measures them whenever the federation lets them hold still.</summary>
internal sealed class CellWatch(Cell cell, IReadOnlyList<Participant> participants, int window, IProgress<DemoEvent> progress, CancellationToken cancellation) : IProgress<StepReport>
{
    private readonly Lock _lock = new();
    private readonly int _all = participants.Count * cell.Budget.Rounds * cell.Budget.LocalSteps;
    private readonly Dictionary<string, IReadOnlyList<double>> _afterLocalSteps = new(StringComparer.Ordinal);
    private int _done;

    /// <summary>The devices, known once the container is built.</summary>
    public IReadOnlyList<CoMiGSDevice> Devices { get; set; } = [];

    /// <summary>What all devices sent and received.</summary>
    public long Bytes { get; private set; }

    public void Report(StepReport value)
    {
        if (value.Kind == StepKind.Expert)
        {
            lock (_lock)
            {
                progress.Report(new CellStep(cell, ++_done, _all, value.Loss));
            }
        }
    }

    public void OnMoment(DeviceMoment moment)
    {
        if (moment.Stage == DeviceStage.Trained && moment.Round == moment.Rounds)
        {
            var perplexity = Measure(participants.Single(participant => participant.Name == moment.Device));
            lock (_lock)
            {
                _afterLocalSteps[moment.Device] = perplexity;
            }
        }
        else if (moment.Stage == DeviceStage.Finished)
        {
            lock (_lock)
            {
                Bytes += moment.BytesSent + moment.BytesReceived;
            }
        }
    }

    /// <summary>The figures of a device's users, once the run is over.</summary>
    public IReadOnlyList<UserResult> Finish(Participant participant)
    {
        var last = Measure(participant);
        lock (_lock)
        {
            return [.. participant.Tested.Select((user, index) => new UserResult(user.Name, last[index], _afterLocalSteps[participant.Name][index]))];
        }
    }

    private double[] Measure(Participant participant)
    {
        var model = Devices.Single(device => device.Name == participant.Name).Model;
        return [.. participant.Tested.Select(user => TestPerplexity.Of(model, TextBytes.From(user.Test, $"{user.Name}/test"), window, cancellation))];
    }
}
