using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Tests;

/// <summary>A result with the figures that a run may have, for everything that shows results.</summary>
internal static class SampleResult
{
    public static DemoResult Create(
        IReadOnlyList<double>? local = null, IReadOnlyList<double>? fedAvg = null, IReadOnlyList<double>? comigs = null, string firstDevice = "cli") => new()
    {
        Scenario = "four colleagues who write German, each about another product",
        Seed = 42,
        Threads = 2,
        Machine = "2 cores, Linux",
        Rounds = 20,
        Steps = 10,
        BaseModel = "3 layers x 96, bytes",
        Elapsed = TimeSpan.FromSeconds(401),
        Devices =
        [
            new(firstDevice, "the dotnet command and the SDK's tasks", 120_000, 30_000, 32_000, 1),
            new("fsharp", "the F# compiler and library", 120_000, 30_000, 32_000, 1),
            new("analyzers", "the code analyzers", 8_000, 4_000, 32_000, 2),
            new("nuget", "the package manager", 8_000, 4_000, 27_000, 0),
        ],
        BasePerplexity = [41.2, 44.9, 40.1, 38.4],
        Methods =
        [
            Method(MethodKind.Local, local ?? [7.67, 8.15, 10.44, 8.43], 0),
            Method(MethodKind.FedAvg, fedAvg ?? [8.12, 8.61, 9.08, 7.76], 1_234_567),
            Method(MethodKind.CoMiGS, comigs ?? [7.83, 8.36, 9.74, 8.11], 765_432),
        ],
        Routing = [Routing(1), Routing(1), Routing(2), Routing(0)],
    };

    private static MethodResult Method(MethodKind kind, IReadOnlyList<double> perplexity, long bytes) => new(
        kind,
        perplexity,
        [.. perplexity.Select(value => value * 0.99)],
        bytes,
        [.. perplexity.Select((final, device) => Curve(Math.Log(final), device))]);

    private static IReadOnlyList<CurvePoint> Curve(double final, int device) =>
    [
        .. Enumerable.Range(1, 20).Select(round =>
        {
            var heldOut = final + (1.2 * Math.Exp(-round / 4.0)) - (1.2 * Math.Exp(-5));
            return new CurvePoint(round, heldOut - (device > 1 ? 0.03 * round : 0.002 * round) + (0.03 * Math.Sin(round * 1.7)), heldOut);
        }),
    ];

    private static DeviceRouting Routing(int specialists) => new(
        [.. Enumerable.Range(0, 3).Select(layer => Shares(specialists, 0.3 + (0.2 * layer)))],
        Sentence("Das Projekt <b>\"{0}\"</b> wurde nicht gefunden & übersprungen."));

    private static IReadOnlyList<double> Shares(int specialists, double generalist) =>
        specialists == 0 ? [1] : [generalist, .. Enumerable.Repeat((1 - generalist) / specialists, specialists)];

    private static ColouredText Sentence(string text) => new(
        [.. text.Select(character => character.ToString())],
        [.. Enumerable.Range(1, 3).Select(layer => (IReadOnlyList<double>)[.. text.Select((_, index) => 0.5 + (0.48 * Math.Sin(index * layer / 3.0)))])]);
}
