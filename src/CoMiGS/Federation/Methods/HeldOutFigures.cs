using CoMiGS.Layers;
using CoMiGS.Transport;

namespace CoMiGS.Federation.Methods;

/// <summary>
/// Measures the model after every round's steps and reports that with the update: the loss on held-out text, and how much of the gates' weight the generalists get in each layer. Means
/// over many tokens, but they are about text that stays on the device: whoever leads the run sees them.
/// </summary>
/// <param name="inner">The training.</param>
/// <param name="model">The model with experts.</param>
/// <param name="loss">Evaluates it on held-out text, the same each time.</param>
public sealed class HeldOutFigures(ILocalTraining inner, MoeModel model, Func<double> loss) : TrainingMethod(inner)
{
    private const int MostLayers = 200; // an update takes 256 figures (PayloadLimits.MaxMetrics)

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Train(int steps, int horizon, CancellationToken cancellationToken)
    {
        var figures = new Dictionary<string, double>(base.Train(steps, horizon, cancellationToken));
        using var routing = model.RecordRouting();
        figures[UpdateMetrics.HeldOutLoss] = loss();
        foreach (var layer in routing.Layers.Where(layer => layer.Tokens > 0).Take(MostLayers))
        {
            figures[UpdateMetrics.GeneralistShare(layer.Name)] = layer.GeneralistShare;
        }

        return figures;
    }
}
