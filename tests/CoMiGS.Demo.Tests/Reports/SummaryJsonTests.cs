using System.Text.Json;
using CoMiGS.Demo.Reports;

namespace CoMiGS.Demo.Tests.Reports;

public sealed class SummaryJsonTests
{
    [Fact]
    public void It_has_the_agreed_members_and_no_others()
    {
        using var summary = JsonDocument.Parse(SummaryJson.Of(SampleResult.Create()));
        var root = summary.RootElement;

        root.EnumerateObject().Select(member => member.Name).Should().Equal("seed", "threads", "perplexity", "mean", "bytesPerRound", "generalistShare");
        root.GetProperty("seed").GetInt32().Should().Be(42);
        root.GetProperty("threads").GetInt32().Should().Be(2);
        root.GetProperty("perplexity").GetProperty("CoMiGS").GetProperty("analyzers").GetDouble().Should().Be(9.74);
        root.GetProperty("perplexity").EnumerateObject().Select(method => method.Name).Should().Equal("Base", "Local", "FedAvg", "CoMiGS");
        root.GetProperty("mean").GetProperty("Local").GetDouble().Should().Be(8.6725);
        root.GetProperty("bytesPerRound").GetProperty("Local").GetInt64().Should().Be(0);
        root.GetProperty("bytesPerRound").GetProperty("FedAvg").GetInt64().Should().Be(1_234_567);
        root.GetProperty("generalistShare").EnumerateArray().Select(share => share.GetDouble()).Should().HaveCount(3).And.Equal(0.475, 0.625, 0.775);
    }

    [Fact]
    public void Every_method_has_a_figure_for_every_device()
    {
        using var summary = JsonDocument.Parse(SummaryJson.Of(SampleResult.Create()));

        foreach (var method in summary.RootElement.GetProperty("perplexity").EnumerateObject())
        {
            method.Value.EnumerateObject().Select(device => device.Name).Should().Equal("cli", "fsharp", "analyzers", "nuget");
        }
    }

    [Fact]
    public void Time_and_machine_leave_no_trace() =>
        SummaryJson.Of(SampleResult.Create() with { Elapsed = TimeSpan.FromDays(1), Machine = "another" }).Should().Be(SummaryJson.Of(SampleResult.Create()));
}
