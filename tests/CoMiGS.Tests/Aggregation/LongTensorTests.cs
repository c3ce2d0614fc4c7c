using CoMiGS.Aggregation;
using CoMiGS.Parameters;
using CoMiGS.Transport;
using static CoMiGS.Tests.Aggregation.Updates;

namespace CoMiGS.Tests.Aggregation;

/// <summary>Tensors of several blocks of numbers, where whole vectors are added, and ends of them.</summary>
public sealed class LongTensorTests
{
    private const long ManyTimes = 60_000;

    [Theory]
    [InlineData(1000, 1L)]
    [InlineData(1024, 77L)]
    [InlineData(3 * 1024, 100L)]
    [InlineData(2500, 250_000L)]
    [InlineData(1111, AggregationLimits.MaximumSamples)]
    public void Every_number_of_a_mean_is_the_nearest_one(int length, long weight)
    {
        var updates = Enumerable.Range(1, 6).Select(seed => Of(weight - (seed % 2), Numbers(seed, length))).Where(update => update.Samples > 0).ToList();

        AllAreNearest(Floats(Combine(new WeightedMean(), updates)), updates);
    }

    [Fact]
    public void Numbers_of_very_different_sizes_side_by_side_lose_nothing()
    {
        var updates = Enumerable.Range(1, 5).Select(seed =>
        {
            var numbers = Numbers(seed, 1500);
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] *= MathF.ScaleB(1, -((i * 7) % 140)) * (seed == 3 ? 1000 : 1);
            }

            return Of(seed * 12_345, numbers);
        }).ToList();

        AllAreNearest(Floats(Combine(new WeightedMean(), updates)), updates);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.MaxValue)]
    [InlineData(1.5e6f)]
    public void A_bad_number_anywhere_leaves_the_sum_as_it_was(float bad)
    {
        var updates = Enumerable.Range(1, 3).Select(seed => Of(100, Numbers(seed, 2500))).ToList();
        var round = new WeightedMean().Begin(Moment(updates[0]));
        foreach (var update in updates)
        {
            round.Add(Share(update), update);
            foreach (var at in new[] { 0, 5, 63, 64, 700, 1023, 1024, 2047, 2499 })
            {
                var numbers = Numbers(9, 2500);
                numbers[at] = bad;
                var spoilt = Of(100, numbers);
                round.Invoking(r => r.Add(Share(spoilt), spoilt)).Should().Throw<ArgumentException>();
            }
        }

        AllAreNearest(Floats(round.Complete()), updates);
    }

    [Fact]
    public void Numbers_that_grow_a_thousandfold_round_after_round_still_fit()
    {
        var updates = Enumerable.Range(0, 5).Select(step => Of(100, [.. Numbers(step, 1100).Select(number => number * MathF.ScaleB(1, (10 * step) - 30))])).ToList();

        AllAreNearest(Floats(Combine(new WeightedMean(), updates)), updates);
    }

    [Fact]
    public void As_many_updates_as_a_64_bit_sum_has_no_room_for_do_not_overflow()
    {
        var update = Of(1_000_000, [.. Enumerable.Repeat(1f, 100), .. Enumerable.Repeat(-3f, 30), .. Enumerable.Repeat(0.1f, 13)]);
        var other = Of(1, Floats(update.Tensors).Select(number => number + 1).ToArray());
        var round = new WeightedMean().Begin(Moment(update));
        for (var i = 0; i < ManyTimes; i++)
        {
            round.Add(Share(update), update);
        }

        round.Add(Share(other), other);

        AllAreNearest(Floats(round.Complete()), [update with { Samples = ManyTimes * update.Samples }, other]);
    }

    private static void AllAreNearest(float[] mean, List<ExpertUpdate> updates)
    {
        var numbers = updates.Select(update => Floats(update.Tensors)).ToList();
        Enumerable.Range(0, mean.Length).Where(i => !ExactMean.IsNearest(mean[i], [.. updates.Zip(numbers, (update, values) => (values[i], update.Samples))])).Should().BeEmpty();
    }

    private static float[] Numbers(long seed, int length)
    {
        var random = new SeededRandom(new Seed(seed));
        return [.. Enumerable.Range(0, length).Select(_ => (float)(0.02 * random.NextNormal()))];
    }
}
