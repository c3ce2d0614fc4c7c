using System.Text.Json;
using CoMiGS.Demo.Reports;

namespace CoMiGS.Demo.Tests.Reports;

public sealed class MetricsLinesTests
{
    [Fact]
    public void Every_line_is_a_JSON_object_and_every_round_is_there()
    {
        var lines = MetricsLines.Of(SampleResult.Create()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(line)!)
            .ToList();

        lines.Count(line => line["kind"].GetString() == "round").Should().Be(3 * 4 * 20);
        lines.Count(line => line["kind"].GetString() == "test").Should().Be(3 * 4);
        lines.Where(line => line["kind"].GetString() == "round").Should().OnlyContain(line => line["trainLoss"].GetDouble() > 0 && line["heldOutLoss"].GetDouble() > 0);
    }
}
