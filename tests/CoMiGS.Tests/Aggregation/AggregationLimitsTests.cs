using CoMiGS.Aggregation;

namespace CoMiGS.Tests.Aggregation;

public sealed class AggregationLimitsTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(10.001f)]
    [InlineData(-10.001f)]
    public void The_first_bad_number_is_found_wherever_it_is(float bad)
    {
        for (var at = 0; at < 40; at++)
        {
            var values = new float[40];
            values[at] = bad;
            values[39] = bad;

            AggregationLimits.FirstBeyond(values, 10).Should().Be(at);
        }
    }

    [Fact]
    public void Good_numbers_are_let_through() => AggregationLimits.FirstBeyond([.. Enumerable.Range(-10, 21).Select(i => (float)i)], 10).Should().Be(-1);
}
