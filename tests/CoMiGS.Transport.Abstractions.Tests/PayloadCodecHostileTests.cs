using System.Buffers.Binary;
using System.Text;
using CoMiGS.Transport;

namespace CoMiGS.Transport.Tests;

public sealed class PayloadCodecHostileTests
{
    private static readonly ExpertUpdate Update = Messages.Update(NamedTensor.FromFloats("layer.one", [2, 3], [1, 2, 3, 4, 5, 6]));

    [Fact]
    public void Every_truncation_is_refused()
    {
        var payload = PayloadCodec.Encode(Update);

        for (var length = 0; length < payload.Length; length++)
        {
            var cut = payload[..length];
            FluentActions.Invoking(() => PayloadCodec.DecodeExpertUpdate(cut)).Should().Throw<PayloadException>();
        }
    }

    [Fact]
    public void Every_truncation_with_a_header_that_fits_is_refused()
    {
        var payload = PayloadCodec.Encode(Update);

        for (var length = 16; length < payload.Length; length++)
        {
            var cut = Resized(payload, length);
            FluentActions.Invoking(() => PayloadCodec.DecodeExpertUpdate(cut)).Should().Throw<PayloadException>();
        }
    }

    [Fact]
    public void Trailing_bytes_are_refused() =>
        Decoding(Resized(PayloadCodec.Encode(Update), PayloadCodec.Encode(Update).Length + 3)).Should().Throw<PayloadException>().WithMessage("*3 bytes after the end*");

    [Fact]
    public void A_newer_major_version_is_refused_by_name()
    {
        var payload = PayloadCodec.Encode(Update);
        payload[4] = 2;

        Decoding(payload).Should().Throw<PayloadException>().WithMessage("*version 2.2*reads version 1*");
    }

    [Fact]
    public void A_newer_minor_version_may_add_fields_at_the_end()
    {
        var payload = PayloadCodec.Encode(Update);
        payload = Resized(payload, payload.Length + 5);
        payload[5] = PayloadCodec.MinorVersion + 1;

        PayloadCodec.DecodeExpertUpdate(payload).Tensors.Specs.Should().Equal(Update.Tensors.Specs);
    }

    [Fact]
    public void Another_magic_is_refused() => Decoding("PK\x3\x4 something else"u8.ToArray()).Should().Throw<PayloadException>().WithMessage("*CMGS*");

    [Fact]
    public void A_message_of_another_kind_is_refused_with_both_names() =>
        Decoding(PayloadCodec.Encode(UpdateReceipt.Counted)).Should().Throw<PayloadException>().WithMessage("*UpdateReceipt*ExpertUpdate*");

    [Fact]
    public void A_name_that_occurs_twice_is_refused()
    {
        var payload = PayloadCodec.Encode(Messages.Update(NamedTensor.FromFloats("layer.one", [1], [1]), NamedTensor.FromFloats("layer.two", [1], [1])));
        Replace(payload, "layer.two"u8, "layer.one"u8);

        Decoding(payload).Should().Throw<PayloadException>().WithMessage("*layer.one occurs twice*");
    }

    [Fact]
    public void A_name_that_is_not_UTF8_is_refused()
    {
        var payload = PayloadCodec.Encode(Update);
        Replace(payload, "layer.one"u8, [.. "layer.on"u8, 0xFF]);

        Decoding(payload).Should().Throw<PayloadException>().WithMessage("*not valid UTF-8*");
    }

    [Fact]
    public void A_name_with_a_line_break_is_refused_since_names_reach_the_logs()
    {
        var payload = PayloadCodec.Encode(Update);
        Replace(payload, "anna"u8, "an\na"u8);

        Decoding(payload).Should().Throw<PayloadException>().WithMessage("*device*control characters*");
    }

    [Fact]
    public void A_type_that_is_not_known_is_refused()
    {
        var payload = PayloadCodec.Encode(Update);
        payload[payload.AsSpan().IndexOf("layer.one"u8) + 9] = 7;

        Decoding(payload).Should().Throw<PayloadException>().WithMessage("*layer.one is of type 7*");
    }

    [Theory]
    [InlineData(long.MaxValue, 3)]
    [InlineData(1L << 32, 1L << 32)]
    [InlineData(-1, 3)]
    [InlineData(1L << 62, 4)]
    public void A_shape_that_overflows_or_is_negative_is_refused(long first, long second)
    {
        var payload = PayloadCodec.Encode(Update);
        var shape = payload.AsSpan(payload.AsSpan().IndexOf("layer.one"u8) + 9 + 2);
        BinaryPrimitives.WriteInt64LittleEndian(shape, first);
        BinaryPrimitives.WriteInt64LittleEndian(shape[8..], second);

        Decoding(payload).Should().Throw<PayloadException>().WithMessage("*layer.one*");
    }

    [Fact]
    public void A_shape_that_asks_for_other_data_than_is_there_is_refused()
    {
        var payload = PayloadCodec.Encode(Update);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(payload.AsSpan().IndexOf("layer.one"u8) + 9 + 2), 1);

        Decoding(payload).Should().Throw<PayloadException>().WithMessage("*declares 24 bytes of numbers; its shapes take 12*");
    }

    [Fact]
    public void A_hundred_thousand_tensors_are_refused_before_they_are_read()
    {
        var specs = Enumerable.Range(0, 100_000).Select(i => new TensorSpec($"t{i}", TensorType.Float32, [1])).ToArray();
        var payload = PayloadCodec.Encode(new CheckIn("run", "anna", "base", specs, 1, 1), PayloadLimits.Default with { MaxTensors = 100_000 });

        FluentActions.Invoking(() => PayloadCodec.DecodeCheckIn(payload)).Should().Throw<PayloadException>().WithMessage("*100000 tensors; at most 16384*");
    }

    [Theory]
    [InlineData(TensorType.Float32)]
    [InlineData(TensorType.BFloat16)]
    [InlineData(TensorType.Int8)]
    public void A_tiny_payload_that_declares_as_many_numbers_as_are_allowed_is_refused_without_taking_their_memory(TensorType type)
    {
        var payload = PayloadCodec.Encode(Messages.Update(NamedTensor.FromFloats("layer.one", [1, 1], [1], type)));
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(payload.AsSpan().IndexOf("layer.one"u8) + 9 + 2), PayloadLimits.Default.MaxElements);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Decoding(payload).Should().Throw<PayloadException>();

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(256 * 1024);
    }

    [Fact]
    public void Tensors_that_together_are_beyond_the_limit_are_refused_by_their_shapes_alone()
    {
        var specs = Enumerable.Range(0, 100).Select(i => new TensorSpec($"t{i}", TensorType.Float32, [1 << 20])).ToArray();

        FluentActions.Invoking(() => PayloadCodec.DecodeCheckIn(PayloadCodec.Encode(new CheckIn("run", "anna", "base", specs, 1, 1), PayloadLimits.Default with { MaxBytes = 1L << 30 })))
            .Should().Throw<PayloadException>().WithMessage("*up to t64 take more than 268435456 bytes*");
    }

    [Fact]
    public void A_declared_length_of_ten_gigabytes_is_refused()
    {
        var payload = PayloadCodec.Encode(Update);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(8), 10UL << 30);

        Decoding(payload).Should().Throw<PayloadException>().WithMessage("*declares 10737418240 bytes*");
    }

    [Fact]
    public void Limits_hold_for_the_writer_too()
    {
        var tight = PayloadLimits.Default with { MaxBytes = 100, MaxElements = 5, MaxRank = 1, MaxNameBytes = 3 };

        Writing(Messages.Update(NamedTensor.FromFloats("a", [6], new float[6])), tight).Should().Throw<PayloadException>().WithMessage("*at most 3*");
        Writing(new TensorSet([NamedTensor.FromFloats("a", [6], new float[6])]), tight).Should().Throw<PayloadException>().WithMessage("*more than 5*");
        Writing(new TensorSet([NamedTensor.FromFloats("a", [1, 1], new float[1])]), tight).Should().Throw<PayloadException>().WithMessage("*2 dimensions; at most 1*");
        Writing(new TensorSet([NamedTensor.FromFloats("a", [30], new float[30])]), tight).Should().Throw<PayloadException>().WithMessage("*at most 100*");
    }

    [Fact]
    public void A_refusal_code_of_a_later_version_still_reads_as_a_refusal()
    {
        var payload = PayloadCodec.Encode(UpdateReceipt.Refuse(RefusalCode.Samples, "why"));
        payload[17] = 200;

        PayloadCodec.DecodeUpdateReceipt(payload).Should().Be(UpdateReceipt.Refuse(RefusalCode.Unspecified, "why"));
    }

    [Fact]
    public void The_bytes_of_a_message_do_not_change_between_releases() =>
        Convert.ToHexString(PayloadCodec.Encode(Messages.Update(NamedTensor.FromFloats("w", [2], [1, -2])))).Should().Be(
            "434D475301020700" + "5900000000000000" // CMGS, 1.2, update, 89 bytes
            + "0300" + Hex("run") + "01000000" + "0400" + Hex("anna") + "01000000" + "0400" + Hex("base")
            + "0A00000000000000" // samples
            + "01000000" + "0400" + Hex("loss") + "000000000000F83F"
            + "01000000" + "0100" + Hex("w") + "00" + "01" + "0200000000000000"
            + "00000000" + "0800000000000000" + "0000803F" + "000000C0" + "00"); // values

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_scale_that_is_no_positive_number_is_refused(double scale)
    {
        var message = new CheckIn("run", "anna", "base", [], 1, 1) { Adapters = [new("a", "b", 4)] };
        var payload = PayloadCodec.Encode(message);
        BitConverter.TryWriteBytes(payload.AsSpan(payload.Length - 12), scale);

        FluentActions.Invoking(() => PayloadCodec.Encode(message with { Adapters = [new("a", "b", scale)] })).Should().Throw<PayloadException>().WithMessage("*scale of a and b*");
        FluentActions.Invoking(() => PayloadCodec.DecodeCheckIn(payload)).Should().Throw<PayloadException>().WithMessage("*scale of a and b*");
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));

    private static Action Decoding(byte[] payload) => () => PayloadCodec.DecodeExpertUpdate(payload);

    private static Action Writing(ExpertUpdate update, PayloadLimits limits) => () => PayloadCodec.Encode(update, limits);

    private static Action Writing(TensorSet tensors, PayloadLimits limits) => () => PayloadCodec.Encode(tensors, limits);

    private static byte[] Resized(byte[] payload, int length)
    {
        Array.Resize(ref payload, length);
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(8), (ulong)(length - 16));
        return payload;
    }

    private static void Replace(byte[] payload, ReadOnlySpan<byte> old, ReadOnlySpan<byte> with) => with.CopyTo(payload.AsSpan(payload.AsSpan().IndexOf(old)));
}
