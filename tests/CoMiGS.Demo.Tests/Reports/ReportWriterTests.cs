using CoMiGS.Demo.Reports;

namespace CoMiGS.Demo.Tests.Reports;

public sealed class ReportWriterTests
{
    [Fact]
    public void The_three_files_are_written()
    {
        using var temporary = new TemporaryFolder();

        ReportWriter.Write(OutputFolder.Open(temporary.Path), SampleResult.Create());

        Directory.EnumerateFiles(temporary.Path).Select(Path.GetFileName).Should().BeEquivalentTo("report.html", "summary.json", "metrics.jsonl");
    }
}
