using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Reports;

/// <summary>Writes the three files of a run.</summary>
public static class ReportWriter
{
    /// <summary>The names of the files.</summary>
    public const string Summary = "summary.json", Metrics = "metrics.jsonl", Report = "report.html";

    /// <summary>Makes all three texts first, then puts each in its place in one piece.</summary>
    public static void Write(OutputFolder folder, DemoResult result)
    {
        (string Name, string Text)[] files = [(Metrics, MetricsLines.Of(result)), (Report, HtmlReport.Of(result)), (Summary, SummaryJson.Of(result))];
        foreach (var (name, text) in files)
        {
            folder.Write(name, text);
        }
    }
}
