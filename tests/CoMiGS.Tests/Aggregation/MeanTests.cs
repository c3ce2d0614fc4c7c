using CoMiGS.Aggregation;
using CoMiGS.Transport;
using FsCheck.Fluent;
using static CoMiGS.Tests.Aggregation.Updates;

namespace CoMiGS.Tests.Aggregation;

public sealed class MeanTests
{
    private static readonly IAggregationStrategy[] Strategies = [new WeightedMean(), new UniformMean()];

    [Fact]
    public void The_weighted_mean_of_a_worked_example() =>
        Floats(Combine(new WeightedMean(), [Of(1, [1f, 0f], [4f]), Of(3, [5f, 2f], [0f])])).Should().Equal(4f, 1.5f, 1f);

    [Fact]
    public void The_uniform_mean_of_a_worked_example() =>
        Floats(Combine(new UniformMean(), [Of(1, [1f, 0f], [4f]), Of(3, [5f, 2f], [0f])])).Should().Equal(3f, 1f, 2f);

    [Fact]
    public void The_weighted_mean_is_the_float_nearest_to_the_exact_one() => Holds(Some, updates =>
    {
        var mean = Floats(Combine(new WeightedMean(), updates));
        return Enumerable.Range(0, Size).All(i => ExactMean.IsNearest(mean[i], [.. updates.Select(update => (Floats(update.Tensors)[i], update.Samples))]));
    });

    [Fact]
    public void The_uniform_mean_is_the_float_nearest_to_the_exact_one() => Holds(Some, updates =>
    {
        var mean = Floats(Combine(new UniformMean(), updates));
        return Enumerable.Range(0, Size).All(i => ExactMean.IsNearest(mean[i], [.. updates.Select(update => (Floats(update.Tensors)[i], 1L))]));
    });

    [Fact]
    public void No_order_of_updates_changes_a_bit() =>
        Holds(from updates in Some from order in Gen.Shuffle(updates) select (updates, order), both =>
            Strategies.All(strategy => Bits(Combine(strategy, both.updates)).SequenceEqual(Bits(Combine(strategy, both.order)))));

    [Fact]
    public void Devices_with_the_same_parameters_can_be_grouped_without_changing_a_bit() =>
        Holds(from updates in Some from weight in Gen.Choose(1, 1000) from more in Gen.Choose(1, 1000) select (updates, weight, more), given =>
        {
            var twin = given.updates[0];
            var apart = given.updates.Append(twin with { Samples = given.weight }).Append(twin with { Samples = given.more });
            var together = given.updates.Append(twin with { Samples = given.weight + given.more });
            return Bits(Combine(new WeightedMean(), apart)).SequenceEqual(Bits(Combine(new WeightedMean(), together)));
        });

    [Fact]
    public void One_device_is_a_fixed_point() =>
        Holds(One, update => Strategies.All(strategy => Floats(Combine(strategy, [update])).SequenceEqual(Floats(update.Tensors))));

    [Fact]
    public void Equal_devices_are_a_fixed_point_whatever_their_weights() =>
        Holds(from update in One from weights in Weight.NonEmptyListOf() select (update, weights), given => Strategies.All(strategy =>
            Floats(Combine(strategy, given.weights.Select(weight => given.update with { Samples = weight }))).SequenceEqual(Floats(given.update.Tensors))));

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(-float.Epsilon, 1f)]
    [InlineData(float.Epsilon, 1.00000012f)]
    public void Half_way_between_two_floats_the_smallest_number_there_is_decides(float third, float nearest)
    {
        var first = 0.5f + (3 * MathF.ScaleB(1, -24));

        Floats(Combine(new UniformMean(), [Of(1, [first]), Of(1, [2.5f]), Of(1, [third])])).Should().Equal(nearest);
    }

    [Fact]
    public void The_largest_numbers_and_weights_do_not_overflow()
    {
        var most = AggregationLimits.MaximumMagnitude;
        var updates = Enumerable.Repeat(Of(AggregationLimits.MaximumSamples, [most, -most]), 100);

        Floats(Combine(new WeightedMean(), updates)).Should().Equal(most, -most);
    }

    [Fact]
    public void Names_shapes_and_order_of_the_tensors_are_kept()
    {
        var update = Of(1, [1f, 2f], [3f]);

        Combine(new WeightedMean(), [update]).Specs.Should().Equal(update.Tensors.Specs);
    }

    [Fact]
    public void An_update_that_cannot_be_added_whole_is_not_added_in_part()
    {
        var good = Of(1, [1f], [2f]);
        var aggregation = new WeightedMean().Begin(Moment(good));
        aggregation.Add(Share(good), good);

        foreach (var bad in new[] { Of(1, [5f], [float.NaN]), Of(1, [5f], [float.PositiveInfinity]), Of(1, [5f], [2e6f]), Of(0, [5f], [5f]), Of(1L << 29, [5f], [5f]), Of(1, [5f]) })
        {
            aggregation.Invoking(a => a.Add(Share(bad), bad)).Should().Throw<ArgumentException>();
        }

        aggregation.Count.Should().Be(1);
        Floats(aggregation.Complete()).Should().Equal(1f, 2f);
    }

    [Fact]
    public void A_round_without_updates_has_no_mean() =>
        FluentActions.Invoking(() => new UniformMean().Begin(Moment(Of(1, [1f]))).Complete()).Should().Throw<InvalidOperationException>().WithMessage("*no update*");

    [Fact]
    public void A_mean_of_nothing_is_objected_to_with_what_to_do() =>
        Strategies.Select(strategy => strategy.Objection(Share(Of(1)), null)).Should().AllSatisfy(objection => objection.Should().Contain("shares none").And.Contain("NoAggregation"));

    private static int[] Bits(TensorSet tensors) => [.. Floats(tensors).Select(BitConverter.SingleToInt32Bits)];
}
