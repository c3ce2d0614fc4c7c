using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Reports;

/// <summary>What somebody needs who wants the same figures again.</summary>
internal static class RunFacts
{
    public static string Of(DemoResult result)
    {
        (string Name, string Value)[] facts =
        [
            ("Seed", $"{result.Seed}"),
            ("Rounds", $"{result.Rounds} of {result.Steps} steps"),
            ("Base model", result.BaseModel),
            ("Specialists", string.Join(", ", result.Devices.Select(device => $"{device.Name} {device.Specialists}"))),
            ("Test text", string.Join(", ", result.Devices.Select(device => $"{device.Name} {device.TestBytes / 1000.0:0.#} KB"))),
            ("Machine", result.Machine),
            ("Threads", $"{result.Threads}"),
            ("Time", $"{(int)result.Elapsed.TotalMinutes} min {result.Elapsed.Seconds} s"),
        ];
        return Html.Section(
            "facts",
            "The run",
            "The same seed on the same kind of machine gives the same figures, on one thread or on several.",
            $"""<dl>{string.Concat(facts.Select(fact => $"<div><dt>{fact.Name}</dt><dd>{Html.Escape(fact.Value)}</dd></div>"))}</dl>""");
    }
}
