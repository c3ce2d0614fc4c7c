using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Story;

/// <summary>Puts the figures of a run into words: who gained from whom, and where CoMiGS stands. Every word follows from the figures.</summary>
public static class StoryTeller
{
    /// <summary>The story, a paragraph an entry.</summary>
    public static IReadOnlyList<string> Tell(DemoResult result)
    {
        var devices = DeviceStory.Of(result);
        string?[] paragraphs = [FineTuning(result), Sharing(devices), Between(devices), RoutingStory.Tell(result), Means(result), Bytes(result)];
        return [.. paragraphs.OfType<string>()];
    }

    private static string FineTuning(DemoResult result)
    {
        var best = result.Methods.MinBy(method => method.Mean)!;
        var before = result.BasePerplexity.Average();
        return best.Mean < before
            ? $"Fine-tuning brings the mean test perplexity per byte from {before:0.00} (base model) down to {best.Mean:0.00} ({best.Name})."
            : $"No method improves on the base model's mean test perplexity per byte of {before:0.00}; the closest is {best.Name} with {best.Mean:0.00}.";
    }

    private static string Sharing(IReadOnlyList<DeviceStory> devices)
    {
        var sharing = devices.Where(device => device.SharingWon).ToList();
        var local = devices.Where(device => device.StayingLocalWon).ToList();
        var even = devices.Where(device => !device.SharingWon && !device.StayingLocalWon).ToList();
        List<string> sentences = [];
        if (sharing.Count > 0)
        {
            sentences.Add($"{WithGaps(sharing)} gained from the others: FedAvg, which shares everything, beats learning alone there.");
        }

        if (local.Count > 0)
        {
            sentences.Add($"{WithGaps(local)} did better alone: sharing everything cost them that much.");
        }

        if (even.Count > 0)
        {
            sentences.Add($"For {Prose.List(even.Select(device => device.Device))} it made no difference (less than {Prose.Percent(DeviceStory.Noise)}).");
        }

        return string.Join(" ", sentences);
    }

    private static string WithGaps(IEnumerable<DeviceStory> devices) =>
        Prose.List(devices.Select(device => $"{device.Device} ({Prose.Percent(device.Gap)})"));

    private static string Between(IReadOnlyList<DeviceStory> devices)
    {
        List<string> parts = [];
        Add(Standing.Best, "better than both for");
        Add(Standing.Between, "between the two for");
        Add(Standing.Worst, "worse than both for");
        var worst = devices.Any(device => device.Standing == Standing.Worst);
        return $"CoMiGS is {Prose.List(parts)}{(worst ? "." : ": never the worst.")}{KeptSentence("kept", devices.Where(device => device.StayingLocalWon), "what staying local gains")}"
            + KeptSentence("gave", devices.Where(device => device.SharingWon), "what sharing gains");

        void Add(Standing standing, string words)
        {
            var names = devices.Where(device => device.Standing == standing).Select(device => device.Device).ToList();
            if (names.Count > 0)
            {
                parts.Add($"{words} {(names.Count == devices.Count ? "every device" : Prose.List(names))}");
            }
        }
    }

    private static string KeptSentence(string verb, IEnumerable<DeviceStory> devices, string gain)
    {
        var known = devices.Where(device => device.Kept is not null).ToList();
        return known.Count == 0
            ? ""
            : $" It {verb} {Prose.List(known.Select(device => $"{device.Device} {device.Kept!.Value * 100:0}%"))} of {gain}.";
    }

    private static string Means(DemoResult result)
    {
        var order = result.Methods.OrderBy(method => method.Mean).ToList();
        var ceiling = DeviceStory.Of(result).Average(device => Math.Min(device.Local, device.FedAvg));
        return $"On the mean: {Prose.List(order.Select(method => $"{method.Name} {method.Mean:0.000}"))}. "
            + $"If every device could pick the better of learning alone and sharing everything, the mean would be {ceiling:0.000}.";
    }

    private static string Bytes(DemoResult result)
    {
        var (mine, everything) = (result.Of(MethodKind.CoMiGS).BytesPerRound, result.Of(MethodKind.FedAvg).BytesPerRound);
        return everything == 0
            ? $"A round of CoMiGS sends {mine:N0} bytes."
            : $"A round of CoMiGS sends {mine:N0} bytes, {Prose.Percent((double)mine / everything)} of what sharing everything does; no text leaves a device.";
    }
}
