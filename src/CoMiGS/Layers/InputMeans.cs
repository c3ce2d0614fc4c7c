using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>
/// Records the mean input of layers with assigned experts, over all tokens that the model is called with, from its creation until it is disposed. Down projections are linear, so the mean of <c>A x</c> over
/// tokens is A times this.
/// </summary>
internal sealed class InputMeans : IDisposable
{
    private readonly List<AmoleExperts> _layers;
    private readonly Dictionary<AmoleExperts, (double[] Sum, long Tokens)> _sums = [];

    public InputMeans(IEnumerable<AmoleExperts> layers)
    {
        _layers = [.. layers];
        _layers.ForEach(layer => layer.InputObserver = x => Add(layer, x));
    }

    /// <summary>The mean input of a layer, one number for each feature.</summary>
    public double[] Of(AmoleExperts layer)
    {
        var (sum, tokens) = _sums[layer];
        return [.. sum.Select(value => value / tokens)];
    }

    public void Dispose() => _layers.ForEach(layer => layer.InputObserver = null);

    private void Add(AmoleExperts layer, Tensor x)
    {
        using var scope = NewDisposeScope();
        var part = x.detach().to(ScalarType.Float64).sum(0L).cpu().data<double>().ToArray(); // (in)
        var (sum, tokens) = _sums.GetValueOrDefault(layer, (new double[part.Length], 0));
        _sums[layer] = ([.. sum.Zip(part, (a, b) => a + b)], tokens + x.shape[0]);
    }
}
