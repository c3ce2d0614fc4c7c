using CoMiGS.Aggregation;
using CoMiGS.Transport;
using FsCheck;
using FsCheck.Fluent;

namespace CoMiGS.Tests.Aggregation;

/// <summary>Updates with arbitrary numbers and weights, within the limits of aggregation.</summary>
internal static class Updates
{
    public const int Size = 5;

    /// <summary>Any float32 that an update may hold: every exponent down to the smallest subnormal number, zero, and ordinary weights.</summary>
    public static Gen<float> Number { get; } = Gen.OneOf(
        Gen.Choose(int.MinValue, int.MaxValue).Select(BitConverter.Int32BitsToSingle),
        Gen.Choose(-1_000_000, 1_000_000).Select(i => i / 3_000_000f),
        Gen.Elements(0f, 1f, -1f, float.Epsilon, -float.Epsilon, 1e-30f, AggregationLimits.MaximumMagnitude, -AggregationLimits.MaximumMagnitude))
        .Where(value => Math.Abs(value) <= AggregationLimits.MaximumMagnitude);

    public static Gen<long> Weight { get; } = Gen.OneOf(
        Gen.Choose(1, 10).Select(i => (long)i),
        Gen.Choose(1, (int)AggregationLimits.MaximumSamples).Select(i => (long)i));

    public static Gen<ExpertUpdate> One { get; } =
        from numbers in Number.ArrayOf(Size)
        from weight in Weight
        select Of(weight, numbers);

    public static Gen<ExpertUpdate[]> Some { get; } = One.ArrayOf().Where(updates => updates.Length is > 0 and < 20);

    /// <summary>An update with one tensor, or with as many as there are arrays.</summary>
    public static ExpertUpdate Of(long samples, params float[][] values) => new(
        "run", 1, "device", 1, "base", samples, new TensorSet(values.Select((v, i) => NamedTensor.FromFloats($"t{i}", [v.Length], v))), new Dictionary<string, double>());

    /// <summary>What the sender of an update shares, without adapters.</summary>
    public static DeviceShare Share(ExpertUpdate update) => new(update.Device, update.Samples, update.Tensors.Specs, []);

    /// <summary>A round of a run whose devices share what this update has.</summary>
    public static RunMoment Moment(ExpertUpdate update) => new(1, 1, 42, Share(update), TensorSet.Empty);

    public static TensorSet Combine(IAggregationStrategy strategy, IEnumerable<ExpertUpdate> updates)
    {
        var aggregation = strategy.Begin(Moment(updates.First()));
        foreach (var update in updates)
        {
            aggregation.Add(Share(update), update);
        }

        return aggregation.Complete();
    }

    public static float[] Floats(TensorSet tensors) => [.. tensors.SelectMany(tensor => tensor.AsFloats().ToArray())];

    public static void Holds<T>(Gen<T> inputs, Func<T, bool> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(inputs.ToArbitrary(), property));
}
