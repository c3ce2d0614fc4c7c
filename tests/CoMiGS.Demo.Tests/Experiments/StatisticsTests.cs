using CoMiGS.Experiments.Statistics;

namespace CoMiGS.Demo.Tests.Experiments;

public sealed class StatisticsTests
{
    // Darwin's maize, crossed against self-fertilised, in eighths of an inch; R. A. Fisher, The Design of Experiments (1935), section 21.
    private static readonly double[] Maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

    [Fact]
    public void The_sign_flip_test_gives_what_Fisher_counted()
    {
        SignFlipTest.PValue(Maize).Should().Be(1726.0 / 32768);
    }

    [Fact]
    public void It_does_not_matter_which_of_the_two_is_called_first()
    {
        SignFlipTest.PValue([.. Maize.Select(difference => -difference)]).Should().Be(SignFlipTest.PValue(Maize));
    }

    [Theory]
    [InlineData(new double[0], 1)]
    [InlineData(new[] { 0.0, 0.0 }, 1)]
    [InlineData(new[] { 0.3 }, 1)]
    [InlineData(new[] { 0.1, 0.2, 0.3, 0.4, 0.5 }, 2.0 / 32)]
    [InlineData(new[] { 1.0, 1.0, -1.0 }, 1)]
    public void Small_cases_are_exact(double[] differences, double expected)
    {
        SignFlipTest.PValue(differences).Should().Be(expected);
    }

    [Fact]
    public void Many_pairs_come_close_to_the_exact_value()
    {
        // Of equal size, so that the binomial distribution has it: 2 * sum of C(21, k) for k <= 6, over 2^21.
        double[] differences = [.. Enumerable.Repeat(1.0, 15), .. Enumerable.Repeat(-1.0, 6)];

        SignFlipTest.PValue(differences).Should().BeApproximately(2 * 82160 / 2097152.0, 0.003);
    }

    [Fact]
    public void Holm_multiplies_by_what_is_left_and_never_falls()
    {
        Holm.Adjust([0.01, 0.04, 0.03, 0.9]).Select(p => Math.Round(p, 10)).Should().Equal(0.04, 0.09, 0.09, 0.9);
        Holm.Adjust([0.6, 0.7]).Should().Equal(1, 1);
    }

    [Fact]
    public void A_sample_has_the_deviation_of_a_sample()
    {
        var sample = Sample.Of([2, 4, 4, 4, 5, 5, 7, 9])!;

        sample.Mean.Should().Be(5);
        sample.Deviation.Should().BeApproximately(Math.Sqrt(32.0 / 7), 1e-12);
        Sample.Of([3])!.Deviation.Should().BeNull();
        Sample.Of([]).Should().BeNull();
    }
}
