using System.Text;
using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Reports;

/// <summary>The heat map: which share of its tokens each layer of each device gives to which expert.</summary>
internal static class RoutingMap
{
    public static string Of(DemoResult result) => Html.Section(
        "routing",
        "Where the router sends the tokens",
        "CoMiGS, test text: the share of tokens whose strongest expert is the <b class=\"generalist\">generalist</b> (shared by all) or a <b class=\"specialist\">specialist</b> (never leaves the device), layer by layer. "
        + $"On the mean over the devices the generalist gets {Html.Escape(string.Join(", ", result.GeneralistShare.Select((share, layer) => $"{share * 100:0}% in layer {layer + 1}")))}.",
        $"""<div class="grid-maps">{string.Concat(result.Devices.Zip(result.Routing, Map))}</div>""");

    private static string Map(DeviceInfo device, DeviceRouting routing)
    {
        var experts = routing.ExpertShare[0].Count;
        var map = new StringBuilder($"""<figure><figcaption>{Html.Escape(device.Name)}</figcaption><table class="map"><thead><tr><td></td><th scope="col">{(experts <= 2 ? "Generalist" : "G")}</th>""");
        for (var specialist = 1; specialist < experts; specialist++)
        {
            map.Append($"""<th scope="col">{(experts == 2 ? "Specialist" : $"S{specialist}")}</th>""");
        }

        map.Append("</tr></thead><tbody>");
        foreach (var (shares, layer) in routing.ExpertShare.Select((shares, layer) => (shares, layer)))
        {
            map.Append($"""<tr><th scope="row">Layer {layer + 1}</th>""");
            map.Append(string.Concat(shares.Select((share, expert) => $"""<td style="background:{ExpertColour.OfShare(expert == 0, share)}">{share * 100:0}%</td>""")));
            map.Append("</tr>");
        }

        return map.Append("</tbody></table></figure>").ToString();
    }
}
