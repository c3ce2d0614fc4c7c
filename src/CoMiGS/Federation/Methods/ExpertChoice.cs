using CoMiGS.Layers;
using CoMiGS.Routing;

namespace CoMiGS.Federation.Methods;

/// <summary>
/// Chooses how a device mixes its experts when the run is over, without gradients: keeps the learnt routers unless an expert alone, or a pair of a generalist and a specialist at constant
/// weights, has a smaller loss. A choice is written into the routers: W becomes zero and the bias the logarithms of the weights.
/// </summary>
public sealed class ExpertChoice : TrainingMethod
{
    private static readonly double[] Shares = [0.25, 0.5, 0.75];

    private readonly MoeModel _model;
    private readonly Func<double> _loss;

    /// <summary>Puts the choice around a training.</summary>
    /// <param name="inner">The training.</param>
    /// <param name="model">Its model; the routers have a bias.</param>
    /// <param name="loss">The loss of the model as it is, on validation data.</param>
    /// <exception cref="ArgumentException">The model has no routers with a bias.</exception>
    public ExpertChoice(ILocalTraining inner, MoeModel model, Func<double> loss)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        if (model.Layout.Experts > 1 && model.Blocks.Any(block => block.Router is not TopKRouter { HasBias: true }))
        {
            throw new ArgumentException("A choice of experts is kept in the routers' bias, but the model has routers without. Set ExpertOptions.RouterBias, and a learnt router.", nameof(model));
        }

        (_model, _loss) = (model, loss);
    }

    /// <summary>The weights of the experts that were chosen, generalists first.</summary>
    /// <value>Null before the run is over, and where the learnt routers are kept.</value>
    public IReadOnlyList<double>? Chosen { get; private set; }

    /// <inheritdoc/>
    public override void Finish(CancellationToken cancellationToken)
    {
        base.Finish(cancellationToken);
        var least = _loss();
        foreach (var gates in Candidates())
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var given = _model.WithGates(gates);
            var loss = _loss();
            if (loss < least)
            {
                (least, Chosen) = (loss, gates);
            }
        }

        if (Chosen is { } chosen)
        {
            foreach (var router in _model.Blocks.Select(block => block.Router).OfType<TopKRouter>())
            {
                router.Prefer(chosen);
            }
        }
    }

    /// <summary>Every expert alone, then every pair of a generalist and a specialist.</summary>
    private IEnumerable<double[]> Candidates()
    {
        var layout = _model.Layout;
        for (var j = 0; j < layout.Experts && layout.Experts > 1; j++)
        {
            yield return Gates((j, 1));
        }

        if (layout.TopK < 2)
        {
            yield break;
        }

        for (var g = 0; g < layout.Generalists; g++)
        {
            for (var s = layout.Generalists; s < layout.Experts; s++)
            {
                foreach (var share in Shares)
                {
                    yield return Gates((g, share), (s, 1 - share));
                }
            }
        }
    }

    private double[] Gates(params (int Expert, double Weight)[] weights)
    {
        var gates = new double[_model.Layout.Experts];
        foreach (var (expert, weight) in weights)
        {
            gates[expert] = weight;
        }

        return gates;
    }
}
