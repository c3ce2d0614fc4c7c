using System.Globalization;
using System.Net;

namespace CoMiGS.Demo.Reports;

/// <summary>Small pieces of HTML and SVG.</summary>
internal static class Html
{
    /// <summary>Text that cannot become markup, inside an element or a quoted attribute.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A coordinate, with a point and at most two decimals.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A section with a heading and a sentence on what is to be seen.</summary>
    public static string Section(string id, string title, string lead, string body) =>
        $"""
        <section id="{id}" aria-labelledby="{id}-title">
        <h2 id="{id}-title">{Escape(title)}</h2>
        <p class="lead">{lead}</p>
        {body}
        </section>

        """;
}
