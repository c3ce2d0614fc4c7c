using System.Text.RegularExpressions;
using System.Xml;
using CoMiGS.Demo.Reports;

namespace CoMiGS.Demo.Tests.Reports;

public sealed partial class HtmlReportTests
{
    private static readonly string Page = HtmlReport.Of(SampleResult.Create());

    [Fact]
    public void It_needs_no_network_and_no_other_file()
    {
        Page.Should().NotMatchRegex("https?://").And.NotContain("@import").And.NotContain("url(");
        Reference().Matches(Page).Should().BeEmpty();
    }

    [Fact]
    public void Text_of_the_devices_cannot_become_markup()
    {
        var page = HtmlReport.Of(SampleResult.Create(firstDevice: "<img src=x onerror=alert(1)>"));

        page.Should().NotContain("<img").And.Contain("&lt;img src=x onerror=alert(1)&gt;");
        page.Should().NotContain("<b>&quot;{0}").And.Contain("&amp;");
    }

    [Fact]
    public void Every_section_and_every_figure_is_there()
    {
        foreach (var id in new[] { "table", "gap", "curves", "routing", "sentences", "facts" })
        {
            Page.Should().Contain($"<section id=\"{id}\"");
        }

        Page.Should().ContainAll("7.67", "9.08", "8.510", "8.393", "41.150", "1,235 KB");
        Page.Should().ContainAll("Mean after local steps", "8.586", "8.309", "8.425");
        Page.Should().ContainAll("--generalist", "--specialist", "prefers-color-scheme: dark", "width=device-width");
    }

    [Fact]
    public void Tags_are_closed_in_the_order_they_were_opened()
    {
        var body = Page[Page.IndexOf("<main>", StringComparison.Ordinal)..(Page.IndexOf("</main>", StringComparison.Ordinal) + "</main>".Length)];
        var parsing = () => new XmlDocument().LoadXml(body.Replace(" hidden>", ">", StringComparison.Ordinal));

        parsing.Should().NotThrow();
    }

    [Fact]
    public void Sentences_lose_no_character()
    {
        var first = Sentence().Match(Page).Groups[1].Value;

        System.Net.WebUtility.HtmlDecode(Tag().Replace(first, "")).Should().Be("Das Projekt <b>\"{0}\"</b> wurde nicht gefunden & übersprungen.");
    }

    [GeneratedRegex("""(?:src|href|srcset|action)\s*=""")]
    private static partial Regex Reference();

    [GeneratedRegex("""<p class="sentence"[^>]*>(.*?)</p>""")]
    private static partial Regex Sentence();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();
}
