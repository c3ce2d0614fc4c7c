using CoMiGS.Aggregation.FedAmole;
using CoMiGS.Data;
using CoMiGS.Layers;
using CoMiGS.Routing;
using CoMiGS.Transport;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Federation.Methods;

/// <summary>What a device of FedAMoLE tells the coordinator of its text: the mean over tokens of <c>P x</c> and, for every expert that it holds, of <c>A_j x</c>, r numbers each.</summary>
internal sealed class MeanEmbeddings
{
    private readonly MoeModel _model;
    private readonly ITokenSource _text;
    private readonly int _window;
    private readonly int _batch;
    private readonly long[] _starts;

    /// <exception cref="SplitTooShortException">The text has not a single window.</exception>
    public MeanEmbeddings(MoeModel model, ITokenSource text, int window, int batch, AssignedExpertsOptions options)
    {
        (_model, _text, _window, _batch) = (model, text, window, batch);
        var windows = (text.Length - 1) / window; // TokenBatch reads the token behind a window, too
        if (windows < 1)
        {
            throw new SplitTooShortException(text.Name, text.Length, window + 1);
        }

        var count = (long)Math.Clamp(Math.Ceiling(windows * options.EmbeddingShare), 1, options.MostEmbeddingWindows);
        _starts = [.. Enumerable.Range(0, (int)count).Select(i => i * windows / count * window)];
    }

    /// <summary>Names and shapes of what <see cref="Measure"/> returns, for the experts that the model holds.</summary>
    public IEnumerable<TensorSpec> Specs() =>
        _model.AmoleLayers.SelectMany(layer => Projections(layer.Path, layer.Block).Select(projection => new TensorSpec(projection.Name, TensorType.Float32, [projection.Matrix.shape[0]])));

    /// <summary>Runs the model over the windows, without dropout and gradients.</summary>
    public IReadOnlyList<NamedTensor> Measure()
    {
        using var means = new InputMeans(_model.AmoleLayers.Select(layer => layer.Block));
        Run();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return
        [
            .. from layer in _model.AmoleLayers
               let mean = tensor(means.Of(layer.Block), ScalarType.Float64) // (in)
               from projection in Projections(layer.Path, layer.Block)
               let embedding = projection.Matrix.cpu().to(ScalarType.Float64).matmul(mean).to(ScalarType.Float32) // (r)
               select NamedTensor.FromFloats(projection.Name, embedding.shape, embedding.data<float>().ToArray()),
        ];
    }

    private void Run()
    {
        var wasTraining = _model.Model.training;
        _model.Model.eval();
        try
        {
            using var noGrad = no_grad();
            foreach (var starts in _starts.Chunk(_batch))
            {
                using var scope = NewDisposeScope();
                _model.Model.call(TokenBatch.Of(_text, starts, _window, (_model.Model as ILanguageModel)?.VocabularySize).Inputs);
            }
        }
        finally
        {
            _model.Model.train(wasTraining);
        }
    }

    private static IEnumerable<(string Name, Tensor Matrix)> Projections(string path, AmoleExperts layer)
    {
        foreach (var id in layer.Ids)
        {
            yield return (new ExpertName(path, id, ExpertName.Embedding).ToString(), layer.Adapter(id).A);
        }

        yield return (ExpertName.OfToken(path), ((EmbeddingRouter)layer.Router).Projection);
    }
}
