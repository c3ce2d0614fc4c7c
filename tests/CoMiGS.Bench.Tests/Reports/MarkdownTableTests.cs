using CoMiGS.Bench.Reports;

namespace CoMiGS.Bench.Tests.Reports;

public sealed class MarkdownTableTests
{
    [Fact]
    public void Rows_stand_under_their_header()
    {
        new MarkdownTable("what", "ms").Add("step", "12.5").Add("loading", "-").ToString()
            .Should().Be("| what | ms |\n|---|---|\n| step | 12.5 |\n| loading | - |");
    }

    [Theory]
    [InlineData("step")]
    [InlineData("step", "1", "2")]
    [InlineData("a | b", "1")]
    [InlineData("a\nb", "1")]
    public void A_row_that_would_break_the_table_is_refused(params string[] cells)
    {
        new MarkdownTable("what", "ms").Invoking(table => table.Add(cells)).Should().Throw<ArgumentException>().WithMessage("*what*ms*");
    }

    [Fact]
    public void Figures_have_three_digits_that_matter()
    {
        Text.Milliseconds(1.2345).Should().Be("1235");
        Text.Milliseconds(0.0123456).Should().Be("12.3");
        Text.Milliseconds(0.00123456).Should().Be("1.23");
        Text.Milliseconds(0.000123456).Should().Be("0.123");
        Text.Ratio(null).Should().Be("-");
    }
}
