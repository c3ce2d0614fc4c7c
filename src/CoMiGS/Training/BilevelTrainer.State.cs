using CoMiGS.Checkpoints;
using CoMiGS.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Training;

/// <content>Saving all that training depends on, and going on from it.</content>
public sealed partial class BilevelTrainer
{
    private string? _keptIn;
    private readonly List<(string Name, Tensor Value)> _kept = [];
    private int _keepEvery;
    private int _stepsUnsaved;
    private string? _lastGoodState;

    /// <summary>Words of the host that are saved with the training state and come back with it, for example which round it belongs to.</summary>
    public IDictionary<string, string> Notes { get; } = new Dictionary<string, string>();

    /// <summary>Saves a tensor of the host with the training state, beside what is trained, and brings it back with it. Call it before <see cref="LoadState"/>.</summary>
    /// <param name="name">A name that no parameter has.</param>
    /// <param name="value">The tensor, in no dispose scope; the trainer owns it from now on. Its values may change at any time, its shape may not.</param>
    public void KeepWithState(string name, Tensor value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(value);
        _kept.Add((name, value));
    }

    /// <summary>
    /// Saves all that training depends on: adapters and routers, both optimizers' moments and step counts, the learning rate's place in its schedule, the count
    /// of expert steps, what a router phase still lacks, and the cursors of both batch sources. Random numbers follow from the counts (<see cref="BilevelOptions.Seed"/>).
    /// </summary>
    /// <param name="folder">The device's folder of states; the newest and the good one before it are kept in it.</param>
    /// <returns>Path of the new state, a folder in <paramref name="folder"/>.</returns>
    /// <exception cref="IOException">The place cannot be written to; the states in it are untouched.</exception>
    public string SaveState(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var tensors = Tensors().ToList();
        var path = TrainingStateFolder.Save(folder, Manifest([.. tensors.Select(t => Entry(t.Name, t.Value, TrainingStateReader.Hash(t.Value)))]), tensors, _lastGoodState);
        (_lastGoodState, LastCheckpoint, _stepsUnsaved) = (path, path, 0);
        _logger.StateSaved(Device, Step, path);
        return path;
    }

    /// <summary>
    /// Goes on from the newest state in a folder that is whole and fits: with the same data and number of threads, what follows is the same to the last bit as if
    /// training had never stopped. A state that is damaged or another's is passed over, with a warning in the log, for the one before it.
    /// </summary>
    /// <remarks>Everything is checked before anything is changed: hashes, names and shapes, the base model, the device, and the options of experts and training.</remarks>
    /// <param name="folder">The folder that <see cref="SaveState"/> was given.</param>
    /// <returns>Which state it is, and which were passed over; null if the folder holds none, or does not exist.</returns>
    /// <exception cref="TrainingStateException">There are states, but none can be used; the message lists every reason.</exception>
    public ResumedState? LoadState(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        using var scope = NewDisposeScope();
        var own = Manifest([.. Tensors().Select(t => Entry(t.Name, t.Value, sha256: ""))]);
        var refused = new List<RefusedState>();
        foreach (var path in TrainingStateFolder.States(folder))
        {
            try
            {
                var (manifest, tensors) = TrainingStateReader.Read(path, own);
                Restore(manifest, tensors);
                (_lastGoodState, LastCheckpoint, _stepsUnsaved) = (path, path, 0);
                _logger.StateResumed(Device, Step, path);
                if (manifest.Threads != own.Threads)
                {
                    _logger.ThreadsDiffer(Device, manifest.Threads, own.Threads);
                }

                return new ResumedState(path, Step, refused);
            }
            catch (Exception e) when (e is InvalidDataException or SafetensorsException or IOException or UnauthorizedAccessException)
            {
                refused.Add(new RefusedState(path, e.Message));
                _logger.StateRefused(Device, path, e.Message);
            }
        }

        return refused.Count == 0 ? null : throw new TrainingStateException(folder, refused);
    }

    /// <summary>From now on saves the training state after every so many optimizer steps, of experts and router together.</summary>
    /// <param name="folder">The device's folder of states.</param>
    /// <param name="everySteps">What a crash may cost at most.</param>
    public void KeepState(string folder, int everySteps = 10)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(everySteps);
        (_keptIn, _keepEvery, _stepsUnsaved) = (folder, everySteps, 0);
    }

    /// <summary>Saves at once where the state is kept; does nothing where it is not.</summary>
    internal void SaveKeptState()
    {
        if (_keptIn is not null)
        {
            SaveState(_keptIn);
        }
    }

    private void SaveWhenDue()
    {
        if (_keptIn is not null && ++_stepsUnsaved >= _keepEvery)
        {
            SaveState(_keptIn);
        }
    }

    private void Restore(TrainingManifest manifest, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var progress = manifest.Progress;
        _experts.Restore(progress.Experts, tensors);
        _router.Restore(progress.Router, tensors);
        (Step, _routerStepsDue) = (progress.Step, progress.RouterStepsDue);
        (_train.Cursor, _valid.Cursor) = (progress.TrainCursor, progress.ValidCursor);
        using var noGrad = no_grad();
        foreach (var (name, value) in _kept)
        {
            value.copy_(tensors[name]);
        }

        Notes.Clear();
        foreach (var (name, value) in manifest.Notes)
        {
            Notes[name] = value;
        }
    }

    private TrainingManifest Manifest(IReadOnlyList<TensorEntry> tensors) => new(
        Device,
        _model.BaseFingerprint,
        TrainingSettings.Of(_model, _options, Penalty),
        get_num_threads(),
        new TrainingProgress(Step, _routerStepsDue, _train.Cursor, _valid.Cursor, _experts.Progress(), _router.Progress()),
        new Dictionary<string, string>(Notes),
        tensors);

    private IEnumerable<(string Name, Tensor Value)> Tensors() => _experts.Tensors().Concat(_router.Tensors()).Concat(_kept);

    private static TensorEntry Entry(string name, Tensor value, string sha256) => new(name, SafetensorsType.Name(value.dtype), value.shape, sha256);
}
