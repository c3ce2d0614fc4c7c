using System.Text.Encodings.Web;
using System.Text.Json;
using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Reports;

/// <summary>
/// The figures for other programs. The same seed, threads and options give the same file: it holds no times.
/// <c>Base</c> is the base model before fine-tuning, which sends nothing.
/// </summary>
public static class SummaryJson
{
    /// <summary>The name under which the base model's figures stand beside the methods'.</summary>
    public const string Base = "Base";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file's text.</summary>
    public static string Of(DemoResult result)
    {
        Dictionary<string, Dictionary<string, double>> perplexity = new() { [Base] = ByDevice(result.BasePerplexity) };
        Dictionary<string, double> mean = new() { [Base] = Round(result.BasePerplexity.Average()) };
        Dictionary<string, long> bytes = new() { [Base] = 0 };
        foreach (var method in result.Methods)
        {
            perplexity[method.Name] = ByDevice(method.Perplexity);
            mean[method.Name] = Round(method.Mean);
            bytes[method.Name] = method.BytesPerRound;
        }

        return JsonSerializer.Serialize(
            new
            {
                seed = result.Seed,
                threads = result.Threads,
                perplexity,
                mean,
                bytesPerRound = bytes,
                generalistShare = result.GeneralistShare.Select(Round),
            },
            Indented) + "\n";

        Dictionary<string, double> ByDevice(IReadOnlyList<double> values) =>
            result.Devices.Zip(values).ToDictionary(pair => pair.First.Name, pair => Round(pair.Second));
    }

    private static double Round(double value) => Math.Round(value, 6);
}
