using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Story;

/// <summary>Says which devices rely on what all share, and which on what they keep.</summary>
internal static class RoutingStory
{
    /// <summary>One sentence, or none where no device has a specialist to choose.</summary>
    public static string? Tell(DemoResult result)
    {
        var choosing = result.Devices.Zip(result.Routing, (device, routing) => (device.Name, Share: routing.GeneralistShare.Average(), routing.ExpertShare[0].Count))
            .Where(device => device.Count > 1)
            .ToList();
        List<string> parts = [];
        Add(choosing.Where(device => device.Share >= 0.5).Select(device => (device.Name, device.Share)), "mostly on the generalist that all share");
        Add(choosing.Where(device => device.Share < 0.5).Select(device => (device.Name, Share: 1 - device.Share)), "mostly on specialists of their own");
        return parts.Count == 0 ? null : $"By the routers' choice {string.Join(", ", parts)} (share of the tokens, mean over the layers).";

        void Add(IEnumerable<(string Name, double Share)> devices, string on)
        {
            var named = devices.Select(device => $"{device.Name} ({device.Share * 100:0}%)").ToList();
            if (named.Count > 0)
            {
                parts.Add($"{Prose.List(named)} {(named.Count == 1 ? "relies" : "rely")} {on}");
            }
        }
    }
}
