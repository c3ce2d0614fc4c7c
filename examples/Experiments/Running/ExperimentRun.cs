using System.Text;
using CoMiGS.Demo;
using CoMiGS.Demo.Events;
using CoMiGS.Demo.Text;
using CoMiGS.Demo.Training;
using CoMiGS.Experiments.Configuration;
using CoMiGS.Experiments.Results;
using CoMiGS.Models;
using TorchSharp;

namespace CoMiGS.Experiments.Running;

/// <summary>Runs the cells of an experiment that are not finished yet. It knows no screen.</summary>
/// <param name="time">The clock.</param>
public sealed class ExperimentRun(TimeProvider time)
{
    /// <summary>Reads texts, trains or finds the base model, and runs cell after cell; each is on the disk before the next one begins.</summary>
    /// <param name="experiment">The configuration.</param>
    /// <param name="results">Finished cells, of earlier runs and of this one.</param>
    /// <param name="others">Finished cells of other experiments; one of them is taken over instead of being computed again.</param>
    /// <param name="cache">The folder of trained base models.</param>
    /// <param name="threads">Devices that train at the same time; no figure depends on it. Null computes nothing: what is finished somewhere is all there will be.</param>
    /// <param name="progress">Hears of everything that happens; from several threads.</param>
    /// <param name="cancellation">Stops at the next step; finished cells stay.</param>
    /// <returns>All cells of the experiment.</returns>
    /// <exception cref="DemoException">Text or lists have to be put right.</exception>
    public async Task<IReadOnlyList<Cell>> RunAsync(
        Experiment experiment, ResultsFile results, OtherResults others, string cache, int? threads, IProgress<DemoEvent> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(others);
        ArgumentNullException.ThrowIfNull(progress);
        var data = experiment.Data.Select(spec => DataSet.Read(spec, experiment.Base.Window)).ToList();
        ListCheck.Require(experiment.Methods, data, experiment.Budget);
        var baseText = BaseText(experiment);
        var cells = Cell.All(experiment, data, experiment.Base.KeyFor(baseText));
        var open = cells.Where(cell => !results.Finished.ContainsKey(cell.Key)).DistinctBy(cell => cell.Key).ToList();
        progress.Report(new Resumed(cells.Count(cell => results.Finished.ContainsKey(cell.Key)), cells.Count, results.UnreadableLines));
        using var trained = new TrainedBase(() => new BaseModelSource(new BaseModelCache(cache), time).Get(experiment.Base, baseText, progress, cancellation));
        foreach (var cell in open)
        {
            if (others.Find(cell.Key) is { } known)
            {
                Keep(cell, known with { Data = cell.Data.Name, Method = cell.Method.Name });
            }
            else if (threads is { } cores)
            {
                progress.Report(new CellStarted(cell));
                Keep(cell, await new CellRunner(experiment.Base, trained.Model, cores, time).RunAsync(cell, progress, cancellation).ConfigureAwait(false));
            }
        }

        return cells;

        void Keep(Cell cell, CellResult result)
        {
            results.Append(result);
            progress.Report(new CellDone(cell, result, cells.Count(done => results.Finished.ContainsKey(done.Key)), cells.Count));
        }
    }

    private static string BaseText(Experiment experiment)
    {
        if (experiment.BaseText is not { } file)
        {
            return Scenarios.BaseText(SdkMessages.Read(SdkFolder.Find(), SdkLanguages.English));
        }

        var text = File.Exists(file) ? File.ReadAllText(file, Encoding.UTF8).ReplaceLineEndings("\n") : throw new DemoException($"base.text: there is no file {file}.");
        var bytes = Encoding.UTF8.GetByteCount(text);
        return bytes > experiment.Base.Window ? text : throw new DemoException($"base.text: {file} has {bytes} bytes, but one window and the byte after it need {experiment.Base.Window + 1}.");
    }

    // Trained or read when the first cell needs it. One core a model: figures do not depend on how many there are.
    private sealed class TrainedBase(Func<Gpt> get) : IDisposable
    {
        private Gpt? _model;

        public Gpt Model
        {
            get
            {
                if (_model is null)
                {
                    torch.set_num_threads(1);
                    _model = get();
                }

                return _model;
            }
        }

        public void Dispose() => _model?.Dispose();
    }
}
