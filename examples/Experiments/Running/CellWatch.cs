using CoMiGS.Data;
using CoMiGS.Demo.Events;
using CoMiGS.Demo.Text;
using CoMiGS.Demo.Training;
using CoMiGS.Experiments.Results;
using CoMiGS.Federation;
using CoMiGS.Layers;
using CoMiGS.Training;

namespace CoMiGS.Experiments.Running;

/// <summary>Follows the devices of a cell, which report from several threads, and measures them whenever the federation lets them hold still.</summary>
internal sealed class CellWatch(Cell cell, IReadOnlyList<Participant> participants, int window, IProgress<DemoEvent> progress, CancellationToken cancellation) : IProgress<StepReport>
{
    private const int HeldOutBytes = 2_000;

    private readonly Lock _lock = new();
    private readonly int _all = participants.Count * cell.Budget.Rounds * cell.Budget.LocalSteps;
    private readonly Dictionary<string, IReadOnlyList<DeviceRecord>> _records = participants.ToDictionary(
        participant => participant.Name, participant => (IReadOnlyList<DeviceRecord>)[.. participant.Tested.Select(user => new DeviceRecord(HeldOut(cell, user)))], StringComparer.Ordinal);

    private int _done;

    /// <summary>The devices, known once the container is built.</summary>
    public IReadOnlyList<CoMiGSDevice> Devices { get; set; } = [];

    /// <summary>What all devices sent and received.</summary>
    public long Bytes { get; private set; }

    public void Report(StepReport value)
    {
        if (value.Kind == StepKind.Expert)
        {
            foreach (var record in _records[value.Device])
            {
                record.AddStep((int)((value.Step - 1) / cell.Budget.LocalSteps) + 1, value.Loss);
            }

            lock (_lock)
            {
                progress.Report(new CellStep(cell, ++_done, _all, value.Loss));
            }
        }
    }

    // A device's records are touched by its own thread alone until the run is over.
    public void OnMoment(DeviceMoment moment)
    {
        var participant = participants.Single(participant => participant.Name == moment.Device);
        switch (moment.Stage)
        {
            // What was combined after a round arrives at the beginning of the next one.
            case DeviceStage.Synchronised when moment.Round > 1:
                SetHeldOut(moment.Device, moment.Round - 1);
                break;
            case DeviceStage.Trained when moment.Round == moment.Rounds:
                foreach (var (record, perplexity) in _records[moment.Device].Zip(Measure(participant)))
                {
                    record.AfterLocalSteps = perplexity;
                }

                break;
            case DeviceStage.Finished:
                SetHeldOut(moment.Device, moment.Rounds);
                lock (_lock)
                {
                    Bytes += moment.BytesSent + moment.BytesReceived;
                }

                break;
        }
    }

    /// <summary>The figures of a device's users, once the run is over.</summary>
    public IReadOnlyList<UserResult> Finish(Participant participant)
    {
        var records = _records[participant.Name];
        var last = cell.Method.EndsWithLocalSteps ? [.. records.Select(record => record.AfterLocalSteps)] : Measure(participant);
        return
        [
            .. participant.Tested.Zip(records, last).Select(user => new UserResult(user.First.Name, user.Third, user.Second.AfterLocalSteps)
            {
                Curve = user.Second.Curve(),
                Routing = cell.Method.Router ? PassageProbe.Of(ModelOf(participant.Name), Looked(cell, user.First), window) : null,
            }),
        ];
    }

    private static TextBytes HeldOut(Cell cell, UserText user) => TextBytes.From(Looked(cell, user), "held out");

    // The beginning of a text of all users is a text of the first.
    private static string Looked(Cell cell, UserText user) => cell.Data.HasOneTest ? TextSample.Of(user.Test, HeldOutBytes) : TextSplitter.Beginning(user.Test, HeldOutBytes);

    private void SetHeldOut(string device, int round)
    {
        foreach (var record in _records[device])
        {
            record.SetHeldOut(round, Evaluation.Run(ModelOf(device).Model, record.HeldOut, window, cancellationToken: cancellation).Loss);
        }
    }

    private double[] Measure(Participant participant)
    {
        var model = ModelOf(participant.Name);
        return [.. participant.Tested.Select(user => TestPerplexity.Of(model, TextBytes.From(user.Test, $"{user.Name}/test"), window, cancellation))];
    }

    private MoeModel ModelOf(string device) => Devices.Single(other => other.Name == device).Model;
}
