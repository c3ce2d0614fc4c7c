namespace CoMiGS.Demo.Reports;

/// <summary>What every page has around its body: one file, light and dark, wide and narrow, without network.</summary>
internal static class PageFrame
{
    /// <param name="title">In the browser's tab.</param>
    /// <param name="body">Header and sections.</param>
    /// <param name="styles">More rules than those that all pages have.</param>
    /// <param name="script">What runs when the page is read, or nothing.</param>
    public static string Of(string title, string body, string styles = "", string script = "") =>
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{Html.Escape(title)}</title>
        <style>
        {PageFile.Read("report.css")}{styles}
        </style>
        </head>
        <body>
        <main>
        {body}
        </main>
        {(script.Length == 0 ? "" : $"<script>\n{script}\n</script>\n")}</body>
        </html>

        """;
}
