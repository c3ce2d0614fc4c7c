using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Reports;
using CoMiGS.Bench.Results;
using CoMiGS.Bench.Targets;

namespace CoMiGS.Bench.Tests.Reports;

public sealed class PageTests
{
    private static readonly string Empty = string.Concat(Suite.Sections.Select(section => section.Name).Concat([Page.Machine, Page.Targets]).Select(name => $"<!-- measured: {name} -->\nold {name}\n<!-- end: {name} -->\n"));

    [Fact]
    public void What_was_not_measured_again_keeps_its_table_and_its_targets()
    {
        var known = new TargetRow("known", "detected", 1, AtLeast: false, 0.5);
        var first = Page.Fill(Empty, Results(known));

        var second = Page.Fill(first, Results(known with { Measured = null }, new TargetRow("other", "detected", 1, AtLeast: true, null)));

        second.Should().Contain("| known | detected | at most 1.000 | 0.500 | pass |").And.Contain("| other | detected | at least 1.000 | - | not measured |").And.Contain("old http").And.NotContain("old targets");
    }

    [Theory]
    [InlineData(0.5, "fail")]
    [InlineData(1.0, "pass")]
    [InlineData(null, "not measured")]
    public void A_target_holds_does_not_hold_or_is_unknown(double? measured, string result) => new TargetRow("t", "detected", 1, AtLeast: true, measured).Result.Should().Be(result);

    private static BenchResults Results(params TargetRow[] targets) => new(Machine.Describe(), new Dictionary<string, string>(), [], targets);
}
