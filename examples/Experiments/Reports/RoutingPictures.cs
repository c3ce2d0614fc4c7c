using CoMiGS.Demo.Reports;
using CoMiGS.Experiments.Results;

namespace CoMiGS.Experiments.Reports;

/// <summary>Every user's passage in the colours of the experts that the routers prefer, in the first and the last layer, for each method with routers.</summary>
internal static class RoutingPictures
{
    private const int Marks = 4;

    /// <summary>The section of a data set, or nothing where no cell kept a passage.</summary>
    public static string Of(DataTable table, string id, string reference)
    {
        var routed = table.Rows
            .Select(row => (row.Name, Cell: row.Cells.FirstOrDefault(cell => cell.Users.Any(user => user.Routing is not null))))
            .Where(method => method.Cell is not null)
            .OrderByDescending(method => method.Name == reference)
            .ToList();
        return routed.Count == 0
            ? ""
            : Html.Section(
                $"{id}-routing",
                $"{table.Name}: which expert each character takes",
                "The expert with the largest gate, in the first and in the last layer, at the beginning of each user's test text; one seed. The model sees bytes: a character of several has the expert of most of them, "
                + "and of equals that of the later byte.",
                Legend(routed.SelectMany(method => method.Cell!.Users)) + string.Concat(routed.Select((method, index) => Method(method.Name, method.Cell!, isOpen: index == 0))));
    }

    private static string Method(string name, CellResult cell, bool isOpen) =>
        $"""<details{(isOpen ? " open" : "")}><summary>{Html.Escape(name)}, seed {cell.Seed}</summary>{string.Concat(cell.Users.Where(user => user.Routing is not null).Select(User))}</details>""";

    private static string User(UserResult user) =>
        $"""<figure><figcaption>{Html.Escape(user.Name)}</figcaption><div class="layers">{string.Concat(user.Routing!.Layers.Select(layer => Layer(user.Routing.Text, layer)))}</div></figure>""";

    private static string Layer(string text, RoutedLayer layer)
    {
        var generalist = (double)layer.Top.Count(expert => expert < layer.Generalists) / layer.Top.Count;
        var spans = CharacterExperts.Runs(text, layer.Top).Select(run => $"""<span class="{Style(layer, run.Expert)}" title="{Name(layer, run.Expert)}">{Html.Escape(run.Text)}</span>""");
        return $"""<div><h3>{Html.Escape(layer.Path ?? $"Layer {layer.Layer}")}: {(layer.IsAssigned ? "the shared expert takes" : "generalists take")} {TextTable.Number(100 * generalist, "0")}% of the bytes</h3><p class="passage">{string.Concat(spans)}</p></div>""";
    }

    private static string Legend(IEnumerable<UserResult> users)
    {
        var experts =
            (from user in users
             from layer in user.Routing?.Layers ?? []
             from expert in layer.Top.Distinct()
             select (Style: Style(layer, expert), Name: Name(layer, expert))).Distinct().OrderBy(expert => expert.Name, StringComparer.Ordinal);
        return $"""<p class="legend">{string.Concat(experts.Select(expert => $"""<span class="{expert.Style}">{expert.Name}</span>"""))}</p>""";
    }

    private static string Name(RoutedLayer layer, int expert) => (expert < layer.Generalists, layer.IsAssigned) switch
    {
        (true, false) => $"generalist {expert + 1}",
        (true, true) => "shared expert",
        (false, false) => $"specialist {expert - layer.Generalists + 1}",
        (false, true) => $"assigned expert {expert - layer.Generalists + 1} of the device",
    };

    // Colour says which kind, the line which one of it, so that neither is needed to tell the two kinds of 1G1S apart.
    private static string Style(RoutedLayer layer, int expert) => expert < layer.Generalists
        ? $"g g-{Math.Min(expert + 1, Marks)}"
        : $"s s-{Math.Min(expert - layer.Generalists + 1, Marks)}";
}
