using CoMiGS.Bench.Reports;

namespace CoMiGS.Bench.Tests.Reports;

public sealed class MarkersTests
{
    private const string Page = "by hand\n<!-- measured: a -->\nold\n<!-- end: a -->\nmore by hand\n<!-- measured: b -->\n<!-- end: b -->\n";

    [Fact]
    public void What_lies_between_markers_is_replaced_and_all_else_stays()
    {
        Markers.Replace(Page, "a", "| new |\n").Should().Be(Page.Replace("old", "| new |", StringComparison.Ordinal));
        Markers.Replace(Page, "b", "x").Should().Be(Page.Replace("<!-- end: b -->", "x\n<!-- end: b -->", StringComparison.Ordinal));
    }

    [Fact]
    public void Replacing_twice_is_as_good_as_once()
    {
        var once = Markers.Replace(Page, "a", "new");

        Markers.Replace(once, "a", "new").Should().Be(once);
    }

    [Theory]
    [InlineData("by hand")]
    [InlineData("<!-- measured: a -->\n")]
    [InlineData("<!-- end: a -->\n<!-- measured: a -->\n")]
    [InlineData("<!-- measured: a -->\n<!-- end: a -->\n<!-- measured: a -->\n<!-- end: a -->\n")]
    public void A_page_without_one_place_for_it_is_refused_by_its_name(string page)
    {
        FluentActions.Invoking(() => Markers.Replace(page, "a", "x")).Should().Throw<InvalidOperationException>().WithMessage("*<!-- measured: a -->*");
    }
}
