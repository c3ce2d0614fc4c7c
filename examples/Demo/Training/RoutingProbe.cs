using System.Text;
using CoMiGS.Data;
using CoMiGS.Demo.Results;
using CoMiGS.Layers;
using CoMiGS.Routing;
using CoMiGS.Training;
using static TorchSharp.torch;

namespace CoMiGS.Demo.Training;

/// <summary>Looks at where the routers of a trained device send the tokens of its test text.</summary>
internal static class RoutingProbe
{
    /// <summary>The shares of all experts over <paramref name="test"/>, and one of its sentences in colour.</summary>
    public static DeviceRouting Of(MoeModel model, string test, int window, CancellationToken cancellation)
    {
        using var routing = model.RecordRouting(keepTokens: true);
        Evaluation.Run(model.Model, TextBytes.From(test, "test"), window, cancellationToken: cancellation);
        IReadOnlyList<IReadOnlyList<double>> shares = [.. routing.Layers.Select(StrongestShares)];
        routing.Dispose();
        return new DeviceRouting(shares, Colour(model, Sentence.Of(test), window));
    }

    /// <summary>The share of tokens for which expert j has the largest gate; the generalist wins a tie.</summary>
    private static IReadOnlyList<double> StrongestShares(LayerRouting layer)
    {
        var counts = new double[layer.Experts];
        foreach (var gates in layer.Gates)
        {
            counts[gates.AsSpan().IndexOf(gates.Max())]++;
        }

        return [.. counts.Select(count => count / layer.Gates.Count)];
    }

    // A line feed in front: every message but the first follows one.
    private static ColouredText Colour(MoeModel model, string sentence, int window)
    {
        var bytes = Encoding.UTF8.GetBytes("\n" + sentence);
        var ids = bytes.Take(window).Select(value => (long)value).ToArray();
        using var routing = model.RecordRouting(keepTokens: true);
        using (NewDisposeScope())
        using (inference_mode())
        {
            model.Model.eval();
            model.Model.call(tensor(ids, [1, ids.Length])); // (1, T)
        }

        return CharacterWeights.Of(
            sentence,
            [.. routing.Layers.Select(layer => (IReadOnlyList<double>)[.. layer.Gates.Skip(1).Select(gates => (double)gates.Take(layer.Generalists).Sum())])]);
    }
}
