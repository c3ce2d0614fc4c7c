using CoMiGS.Layers;
using CoMiGS.Models;
using CoMiGS.Routing;
using CoMiGS.Training;

namespace CoMiGS.Reference.Tests;

/// <summary>
/// Two quirks of the released code that the library lacks, on top of its public interface: the balance loss is taken on the block's output after the
/// residual (docs/fidelity.md, D3), and a block with a single expert or a plain mean has one all the same (D5).
/// </summary>
internal sealed class OfficialBalance : ITrainingPenalty, IDisposable
{
    private readonly List<(TopKRouter Router, nn.Module<Tensor, AttentionPass, Tensor> Block)> _layers = [];
    private readonly Dictionary<nn.Module, Tensor> _outputs = [];
    private readonly ImportanceBalanceLoss _loss;
    private readonly double _weight;

    /// <param name="moe">The model.</param>
    /// <param name="routers">The router of every layer, also where the library has none, by official names.</param>
    /// <param name="share">rho.</param>
    /// <param name="weight">lambda.</param>
    /// <param name="topK">k.</param>
    /// <param name="unselected">How unselected logits count.</param>
    public OfficialBalance(MoeModel moe, IReadOnlyDictionary<string, Tensor> routers, double share, double weight, int topK, UnselectedLogits unselected = UnselectedLogits.Zero)
    {
        _loss = new ImportanceBalanceLoss(1, share, unselected);
        _weight = weight;
        Share = share;
        for (var layer = 0; layer < moe.Blocks.Count; layer++)
        {
            var name = $"h.{layer}";
            var block = (nn.Module<Tensor, AttentionPass, Tensor>)moe.Model.named_modules().Single(m => m.name == name).module;
            block.register_forward_hook((module, _, _, output) =>
            {
                _outputs.GetValueOrDefault(module)?.Dispose();
                _outputs[module] = output.alias().DetachFromDisposeScope(); // the model's own scopes end before the loss is taken
                return output;
            });
            _layers.Add((moe.Blocks[layer].Router as TopKRouter ?? Unused(routers[$"transformer.{name}.mlp.per_token_router.weight"], topK), block));
        }
    }

    private double Share { get; }

    /// <summary>The loss of every layer, unweighted.</summary>
    public Tensor[] Layers() => [.. _layers.Select(l => l.Router.Experts == 1 ? tensor(1 / Share, _outputs[l.Block].dtype) : _loss.Compute(l.Router.Route(_outputs[l.Block].flatten(0, 1))))];

    public Tensor Compute(MoeModel model) => Mean(Layers()) * _weight;

    public void Dispose()
    {
        foreach (var output in _outputs.Values)
        {
            output.Dispose();
        }
    }

    public static Tensor Mean(IEnumerable<Tensor> layers) => stack(layers).mean();

    private static TopKRouter Unused(Tensor weight, int topK)
    {
        var router = new TopKRouter(weight.shape[1], (int)weight.shape[0], Math.Min(topK, (int)weight.shape[0]), 0);
        router.to(weight.dtype);
        using var noGrad = no_grad();
        router.AdapterParameters.Single().Value.copy_(weight);
        return router;
    }
}
