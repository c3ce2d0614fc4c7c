using CoMiGS.Transport;
using FsCheck;
using FsCheck.Fluent;

namespace CoMiGS.Transport.Tests;

public sealed class NamedTensorTests
{
    private static readonly Gen<float[]> Finite =
        ArbMap.Default.GeneratorFor<uint>().Select(BitConverter.UInt32BitsToSingle).Where(float.IsFinite).ArrayOf();

    [Fact]
    public void A_bfloat16_is_off_by_a_256th_at_most() => Holds(Finite, values => values.Zip(Again(values, TensorType.BFloat16)).All(pair =>
        Math.Abs((double)pair.First - pair.Second) <= Math.Max(Math.Abs((double)pair.First), 1.1754943508222875e-38) / 256
        || Math.Abs(pair.First) > 3.39e38f)); // the largest float32 numbers round to infinity, as they would in any float format

    [Theory]
    [InlineData(0x3F80_7FFFu, 0x3F80)] // just below the middle
    [InlineData(0x3F80_8000u, 0x3F80)] // the middle goes to the even one, below
    [InlineData(0x3F81_8000u, 0x3F82)] // the middle goes to the even one, above
    [InlineData(0x3F80_8001u, 0x3F81)] // just above the middle
    [InlineData(0xBF80_8001u, 0xBF81)]
    [InlineData(0x7F80_0000u, 0x7F80)] // infinity
    [InlineData(0x7F7F_FFFFu, 0x7F80)] // the largest float32
    [InlineData(0x7F80_0001u, 0x7FC0)] // a NaN whose mark would be cut away
    [InlineData(0x8000_0001u, 0x8000)] // the smallest below zero
    public void A_bfloat16_is_the_nearest_one_and_ties_go_to_even(uint bits, ushort expected) =>
        BitConverter.ToUInt16(NamedTensor.FromFloats("a", [], [BitConverter.UInt32BitsToSingle(bits)], TensorType.BFloat16).Data.Span).Should().Be(expected);

    [Fact]
    public void A_number_in_int8_is_off_by_half_its_scale_at_most() => Holds(
        from values in Finite
        from few in Gen.Choose(1, 300)
        select values.Length == 0 ? values : Enumerable.Range(0, few).Select(i => values[i % values.Length] / (1 + (i % 7))).ToArray(),
        values =>
        {
            var read = Again(values, TensorType.Int8);
            return values.Select((value, i) =>
            {
                var scale = values.Skip(i / 128 * 128).Take(128).Max(Math.Abs) / 127.0;
                return Math.Abs((double)value - read[i]) <= (scale * 0.500001) + float.Epsilon;
            }).All(close => close);
        });

    [Fact]
    public void Int8_puts_a_scale_for_every_128_numbers_before_them()
    {
        var values = Enumerable.Repeat(0f, 128).Concat([-254f, 127f, 1f]).ToArray();
        values[5] = 1.27f;

        var data = NamedTensor.FromFloats("a", [131], values, TensorType.Int8).Data.ToArray();

        data.Should().HaveCount(8 + 131);
        BitConverter.ToSingle(data, 0).Should().BeApproximately(0.01f, 1e-8f);
        BitConverter.ToSingle(data, 4).Should().Be(2);
        data[8 + 5].Should().Be(127);
        ((sbyte)data[8 + 128]).Should().Be(-127);
        data[8 + 129].Should().Be(64, "63.5 is a tie and goes to even");
        data[8 + 130].Should().Be(0);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Int8_refuses_what_is_not_finite_and_says_where(float bad) =>
        FluentActions.Invoking(() => NamedTensor.FromFloats("a", [3], [1, 2, bad], TensorType.Int8)).Should().Throw<ArgumentException>().WithMessage("*Number 2*another type*");

    [Fact]
    public void A_tensor_in_its_own_type_is_itself()
    {
        var tensor = NamedTensor.FromFloats("a", [2], [1, 2]);

        tensor.As(TensorType.Float32).Should().BeSameAs(tensor);
        new TensorSet([tensor]).As(TensorType.Int8).As(TensorType.Float32)[0].AsFloats()[1].Should().Be(2);
    }

    [Fact]
    public void Numbers_that_are_no_float32_are_not_viewed_as_such() =>
        FluentActions.Invoking(() => NamedTensor.FromFloats("a", [2], [1, 2], TensorType.Int8).AsFloats().Length)
            .Should().Throw<InvalidOperationException>().WithMessage("*ToFloats*");

    [Fact]
    public void A_round_of_GPT_2_small_takes_half_the_bytes_in_bfloat16_and_at_most_27_percent_in_int8()
    {
        (string Name, long In, long Out)[] maps = [("mlp.experts.0.c_fc", 768, 3072), ("mlp.experts.0.c_proj", 3072, 768), ("attn.c_attn", 768, 2304), ("attn.c_proj", 768, 768)];
        var tensors = new TensorSet(
            from layer in Enumerable.Range(0, 12)
            from map in maps
            from tensor in new[] { Zeros($"h.{layer}.{map.Name}.lora_A", 8, map.In), Zeros($"h.{layer}.{map.Name}.lora_B", map.Out, 8) }
            select tensor);

        double full = PayloadCodec.Encode(tensors).Length;

        full.Should().BeInRange(4.7e6, 4.8e6);
        (PayloadCodec.Encode(tensors.As(TensorType.BFloat16)).Length / full).Should().BeApproximately(0.50, 0.005);
        (PayloadCodec.Encode(tensors.As(TensorType.Int8)).Length / full).Should().BeLessThan(0.27);

        static NamedTensor Zeros(string name, long rows, long columns) => NamedTensor.FromFloats(name, [rows, columns], new float[rows * columns]);
    }

    private static float[] Again(float[] values, TensorType type) => NamedTensor.FromFloats("a", [values.Length], values, type).ToFloats();

    private static void Holds<T>(Gen<T> values, Func<T, bool> property) => Prop.ForAll(values.ToArbitrary(), property).QuickCheckThrowOnFailure();
}
