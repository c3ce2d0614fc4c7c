using System.Text;
using CoMiGS.Demo.Text;
using CoMiGS.Experiments.Results;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Routing;
using static TorchSharp.torch;

namespace CoMiGS.Experiments.Running;

/// <summary>Looks at which experts the routers of a trained model prefer at the beginning of a text, byte by byte.</summary>
internal static class PassageProbe
{
    private const int Windows = 3;

    /// <summary>The passage with its experts, in windows that the model sees one by one, as when it is measured; null without routers that have a choice.</summary>
    /// <param name="model">The model.</param>
    /// <param name="text">At least a window.</param>
    /// <param name="window">Bytes that the model looks at together.</param>
    public static RoutedPassage? Of(MoeModel model, string text, int window)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var count = Math.Min(Windows, bytes.Length / window);
        using var routing = model.RecordRouting(keepTokens: true);
        using (NewDisposeScope())
        using (inference_mode())
        {
            model.Model.eval();
            model.Model.call(tensor(bytes.Take(count * window).Select(value => (long)value).ToArray(), [count, window])); // (B, T)
        }

        var passage = TextSplitter.Beginning(text, count * window);
        var length = Encoding.UTF8.GetByteCount(passage);
        var layers = routing.Layers.Select((layer, index) => (Number: index + 1, Layer: layer)).Where(pair => pair.Layer.Experts > 1).ToList();
        var isAssigned = model.Parameters.Any(parameter => parameter.Role == ParameterRole.Assigned);
        return layers.Count == 0
            ? null
            : new RoutedPassage(passage, [.. new[] { layers[0], layers[^1] }.DistinctBy(pair => pair.Number).Select(pair =>
                new RoutedLayer(pair.Number, pair.Layer.Generalists, Top(pair.Layer, length)) { Path = pair.Layer.Name, IsAssigned = isAssigned })]);
    }

    private static IReadOnlyList<int> Top(LayerRouting layer, int bytes) => [.. layer.Gates.Take(bytes).Select(gates => gates.AsSpan().IndexOf(gates.Max()))];
}
