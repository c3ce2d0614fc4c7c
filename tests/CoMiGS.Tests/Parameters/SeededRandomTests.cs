using CoMiGS.Parameters;

namespace CoMiGS.Tests.Parameters;

public sealed class SeededRandomTests
{
    [Fact]
    public void The_stream_is_that_of_SplitMix64()
    {
        // First outputs for seed 1234567, as published with the reference implementation.
        var random = new SeededRandom(1234567);

        new[] { random.NextBits(), random.NextBits(), random.NextBits() }.Should().Equal(6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL);
    }

    [Fact]
    public void Doubles_lie_in_the_unit_interval_and_average_one_half()
    {
        var random = new SeededRandom(1);
        var values = Enumerable.Range(0, 10_000).Select(_ => random.NextDouble()).ToList();

        values.Should().OnlyContain(v => v >= 0 && v < 1);
        values.Average().Should().BeApproximately(0.5, 0.02);
    }

    [Fact]
    public void Normals_have_mean_zero_and_variance_one()
    {
        var random = new SeededRandom(1);
        var values = Enumerable.Range(0, 20_000).Select(_ => random.NextNormal()).ToList();

        values.Average().Should().BeApproximately(0, 0.03);
        values.Average(v => v * v).Should().BeApproximately(1, 0.05);
    }

    [Fact]
    public void Whole_numbers_stay_below_their_bound_and_reach_every_value()
    {
        var random = new SeededRandom(1);

        Enumerable.Range(0, 1000).Select(_ => random.NextInt64(7)).Distinct().Should().BeEquivalentTo([0L, 1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public void Seeds_of_parts_differ_by_label_and_index_and_repeat()
    {
        var seed = new Seed(5);

        new[] { seed.For("a"), seed.For("b"), seed.For(0), seed.For(1), new Seed(6).For("a") }.Should().OnlyHaveUniqueItems();
        seed.For("a").Should().Be(new Seed(5).For("a"));
    }
}
