using CoMiGS.Demo.Results;
using CoMiGS.Demo.Story;

namespace CoMiGS.Demo.Reports;

/// <summary>The report for people: one HTML file that needs no network and no other file.</summary>
public static class HtmlReport
{
    /// <summary>The file's text.</summary>
    public static string Of(DemoResult result) =>
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>CoMiGS demo: who gained from whom</title>
        <style>
        {PageFile.Read("report.css")}
        </style>
        </head>
        <body>
        <main>
        {Header(result)}
        {PerplexityTable.Of(result)}
        {GapChart.Of(result)}
        {LossCurves.Of(result)}
        {RoutingMap.Of(result)}
        {ColouredSentences.Of(result)}
        {RunFacts.Of(result)}
        </main>
        <script>
        {PageFile.Read("report.js")}
        </script>
        </body>
        </html>

        """;

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
