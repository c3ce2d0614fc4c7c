using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Reports;

/// <summary>The losses round by round and the perplexities, a JSON object a line.</summary>
public static class MetricsLines
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file's text.</summary>
    public static string Of(DemoResult result)
    {
        var lines = new StringBuilder();
        foreach (var method in result.Methods)
        {
            foreach (var (device, index) in result.Devices.Select((device, index) => (device.Name, index)))
            {
                foreach (var point in method.Curves[index])
                {
                    Append(new { kind = "round", method = method.Name, device, round = point.Round, trainLoss = point.Train, heldOutLoss = point.HeldOut });
                }

                Append(new
                {
                    kind = "test",
                    method = method.Name,
                    device,
                    perplexity = method.Perplexity[index],
                    afterLocalSteps = method.AfterLocalSteps[index],
                    basePerplexity = result.BasePerplexity[index],
                });
            }
        }

        return lines.ToString();

        void Append<T>(T line) => lines.Append(JsonSerializer.Serialize(line, Compact)).Append('\n');
    }
}
