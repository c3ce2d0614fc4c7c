using CoMiGS.Bench.Harness;

namespace CoMiGS.Bench.Tests.Harness;

public sealed class SampleTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3)]
    [InlineData(new[] { 5.0, 1.0, 2.0 }, 2)]
    [InlineData(new[] { 4.0, 1.0, 3.0, 2.0 }, 2.5)]
    public void The_median_is_the_middle_or_halfway_between_the_two_in_the_middle(double[] values, double median)
    {
        new Sample(values).Median.Should().Be(median);
    }

    [Fact]
    public void The_spread_is_the_distance_between_the_quartiles_by_the_median()
    {
        var sample = new Sample([10, 20, 30, 40, 50]);

        sample.Spread.Should().BeApproximately((40.0 - 20.0) / 30, 1e-12);
        sample.Minimum.Should().Be(10);
        new Sample([7]).Spread.Should().Be(0);
    }

    [Fact]
    public void A_ratio_is_taken_round_by_round_so_that_a_slow_machine_hits_both()
    {
        var subject = new Sample([2, 20, 2.2]);
        var baseline = new Sample([1, 10, 1]);

        subject.Over(baseline).Median.Should().Be(2, "the second round was ten times slower for both");
    }

    [Fact]
    public void Of_nothing_there_is_no_median()
    {
        new Sample([]).Invoking(sample => sample.Median).Should().Throw<InvalidOperationException>();
    }
}
