using CoMiGS.Demo.Results;
using CoMiGS.Demo.Story;

namespace CoMiGS.Demo.Reports;

/// <summary>The report for people: one HTML file that needs no network and no other file.</summary>
public static class HtmlReport
{
    /// <summary>The file's text.</summary>
    public static string Of(DemoResult result) => PageFrame.Of(
        "CoMiGS demo: who gained from whom",
        $"""
        {Header(result)}
        {PerplexityTable.Of(result)}
        {GapChart.Of(result)}
        {LossCurves.Of(result)}
        {RoutingMap.Of(result)}
        {ColouredSentences.Of(result)}
        {RunFacts.Of(result)}
        """,
        script: PageFile.Read("report.js"));

    private static string Header(DemoResult result) =>
        $"""
        <header>
        <p class="eyebrow">CoMiGS for .NET</p>
        <h1>Who gained from whom</h1>
        <p class="scenario">{Html.Escape(Capitalised(result.Scenario))}: {result.Devices.Count} devices fine-tune one model together, and no text leaves a device.</p>
        <div class="story">
        {string.Join("\n", StoryTeller.Tell(result).Select(paragraph => $"<p>{Html.Escape(paragraph)}</p>"))}
        </div>
        </header>
        """;

    private static string Capitalised(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
