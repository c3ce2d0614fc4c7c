using System.Text;
using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Reports;

/// <summary>One sentence per device, each character coloured by the expert that the router preferred for it; a button per layer.</summary>
internal static class ColouredSentences
{
    public static string Of(DemoResult result)
    {
        var layers = result.Routing.Max(routing => routing.Sentence.GeneralistWeight.Count);
        var buttons = string.Concat(Enumerable.Range(0, layers).Select(layer =>
            $"""<button type="button" data-layer="{layer}" aria-pressed="{(layer == layers - 1 ? "true" : "false")}">Layer {layer + 1}</button>"""));
        var sentences = string.Concat(result.Devices.Zip(result.Routing, (device, routing) =>
            $"""<figure><figcaption>{Html.Escape(device.Name)}</figcaption>{Layers(routing.Sentence)}</figure>"""));
        return Html.Section(
            "sentences",
            "Character by character",
            "A sentence of each device's test text: <b class=\"generalist\">orange</b> where the generalist has more weight, <b class=\"specialist\">blue</b> where the specialists have, pale where the router is undecided.",
            $"""<p class="buttons" role="group" aria-label="Layer">{buttons}</p>{sentences}""");
    }

    private static string Layers(ColouredText sentence) => string.Concat(sentence.GeneralistWeight.Select((weights, layer) =>
        $"""<p class="sentence" data-layer="{layer}"{(layer == sentence.GeneralistWeight.Count - 1 ? "" : " hidden")}>{Runs(sentence.Characters, weights)}</p>"""));

    // Neighbours of one colour share a span: the page stays small.
    private static string Runs(IReadOnlyList<string> characters, IReadOnlyList<double> weights)
    {
        var html = new StringBuilder();
        string? open = null;
        for (var index = 0; index < characters.Count; index++)
        {
            var colour = ExpertColour.OfWeight(weights[index]);
            if (colour != open)
            {
                html.Append(open is null ? "" : "</span>").Append($"""<span style="background:{colour}">""");
                open = colour;
            }

            html.Append(Html.Escape(characters[index]));
        }

        return html.Append(open is null ? "" : "</span>").ToString();
    }
}
