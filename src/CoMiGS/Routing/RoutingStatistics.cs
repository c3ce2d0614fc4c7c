using static TorchSharp.torch;

namespace CoMiGS.Routing;

/// <summary>Records what the routers of a model decide, from its creation until it is disposed.</summary>
/// <remarks>Copies the gates of every forward pass to managed memory, so record while evaluating rather than while training. One at a time per model; it may record several threads, whose tokens then mix.</remarks>
public sealed class RoutingStatistics : IDisposable
{
    private readonly List<LayerRouting> _layers;
    private readonly Action _detach;

    internal RoutingStatistics(IEnumerable<LayerRouting> layers, Action detach)
    {
        _layers = [.. layers];
        _detach = detach;
    }

    /// <summary>One entry per MoE block, in the order of the model.</summary>
    public IReadOnlyList<LayerRouting> Layers => _layers;

    internal void Record(int layer, RoutingDecision decision)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var gates = decision.Gates.detach().to(ScalarType.Float32).cpu().contiguous();
        var values = gates.data<float>().ToArray();
        lock (_layers[layer])
        {
            _layers[layer].Add(values);
        }
    }

    /// <summary>Stops recording; the figures stay readable.</summary>
    public void Dispose() => _detach();
}
