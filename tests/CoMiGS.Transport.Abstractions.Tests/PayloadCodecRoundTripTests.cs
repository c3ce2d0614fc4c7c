using CoMiGS.Transport;
using FsCheck;
using FsCheck.Fluent;

namespace CoMiGS.Transport.Tests;

public sealed class PayloadCodecRoundTripTests
{
    [Fact]
    public void Check_ins_survive_the_wire() => Holds(Messages.CheckIns, message =>
    {
        var read = PayloadCodec.DecodeCheckIn(PayloadCodec.Encode(message));
        return read with { Shared = message.Shared, Adapters = message.Adapters, Abilities = message.Abilities } == message
            && read.Shared.SequenceEqual(message.Shared) && read.Adapters.SequenceEqual(message.Adapters) && read.Abilities.SequenceEqual(message.Abilities);
    });

    [Fact]
    public void A_check_in_of_the_first_minor_version_has_no_adapters_and_is_read()
    {
        var message = new CheckIn("run", "anna", "base", [new("t", TensorType.Float32, [2])], 10, ProtocolVersion.Current);
        var payload = PayloadCodec.Encode(message)[..^8]; // what 1.1 added: two empty lists
        payload[5] = 0;
        BitConverter.TryWriteBytes(payload.AsSpan(8), (long)payload.Length - 16);

        var read = PayloadCodec.DecodeCheckIn(payload);

        read.Shared.Should().Equal(message.Shared);
        read.Adapters.Should().BeEmpty();
        read.Abilities.Should().BeEmpty();
    }

    [Fact]
    public void What_the_second_minor_version_added_is_float32_and_values_without_it()
    {
        var plan = new RoundPlan("run", 1, 2, 3, 4, 5, [], "base", null) { SendAs = TensorType.Int8 };
        var request = new DownloadRequest("run", "anna", 1) { Type = TensorType.Int8 };
        var update = Messages.Update(NamedTensor.FromFloats("a", [2], [1, 2])) with { Content = UpdateContent.Differences };

        ((RoundPlan)PayloadCodec.DecodeCheckInReply(Older(PayloadCodec.Encode(plan)))).SendAs.Should().Be(TensorType.Float32);
        PayloadCodec.DecodeDownloadRequest(Older(PayloadCodec.Encode(request))).Type.Should().Be(TensorType.Float32);
        PayloadCodec.DecodeExpertUpdate(Older(PayloadCodec.Encode(update))).Content.Should().Be(UpdateContent.Values);

        static byte[] Older(byte[] payload)
        {
            payload = payload[..^1];
            payload[5] = 1;
            BitConverter.TryWriteBytes(payload.AsSpan(8), (long)payload.Length - 16);
            return payload;
        }
    }

    [Fact]
    public void A_type_of_a_later_version_that_somebody_would_like_is_read_as_float32()
    {
        var plan = PayloadCodec.Encode((CheckInReply)new RoundPlan("run", 1, 2, 3, 4, 5, [], "base", null) { SendAs = TensorType.Int8 });
        plan[^1] = 77;

        ((RoundPlan)PayloadCodec.DecodeCheckInReply(plan)).SendAs.Should().Be(TensorType.Float32);
    }

    [Fact]
    public void All_four_answers_to_a_check_in_survive_the_wire() => Holds(Messages.Replies, message =>
    {
        var read = PayloadCodec.DecodeCheckInReply(PayloadCodec.Encode(message));
        return message is RoundPlan plan
            ? (RoundPlan)read with { Shared = plan.Shared } == plan && ((RoundPlan)read).Shared.SequenceEqual(plan.Shared)
            : read == message;
    });

    [Fact]
    public void Download_requests_survive_the_wire() =>
        Holds(Messages.Downloads, message => PayloadCodec.DecodeDownloadRequest(PayloadCodec.Encode(message)) == message);

    [Fact]
    public void Receipts_survive_the_wire() =>
        Holds(Messages.Receipts, message => PayloadCodec.DecodeUpdateReceipt(PayloadCodec.Encode(message)) == message);

    [Fact]
    public void Tensor_sets_survive_the_wire_bit_by_bit() =>
        Holds(Messages.Tensors, message => Same(PayloadCodec.DecodeTensorSet(PayloadCodec.Encode(message)), message));

    [Fact]
    public void Updates_survive_the_wire_bit_by_bit() => Holds(Messages.Updates, message =>
    {
        var read = PayloadCodec.DecodeExpertUpdate(PayloadCodec.Encode(message));
        return read with { Tensors = message.Tensors, Metrics = message.Metrics } == message
            && Same(read.Tensors, message.Tensors)
            && read.Metrics.Count == message.Metrics.Count
            && message.Metrics.All(metric => read.Metrics[metric.Key].Equals(metric.Value));
    });

    [Fact]
    public void Equal_messages_are_equal_bytes_whatever_the_order_of_their_metrics()
    {
        var update = Messages.Update(NamedTensor.FromFloats("a", [2], [1, 2]));
        var one = update with { Metrics = new Dictionary<string, double> { ["loss"] = 1, ["accuracy"] = 2 } };
        var other = update with { Metrics = new Dictionary<string, double> { ["accuracy"] = 2, ["loss"] = 1 } };

        PayloadCodec.Encode(one).Should().Equal(PayloadCodec.Encode(other));
    }

    [Fact]
    public void The_wire_adds_less_than_a_hundred_bytes_and_its_name_to_a_tensor()
    {
        var tensors = new TensorSet([NamedTensor.FromFloats("h.0.mlp.experts.0.c_fc.lora_A", [8, 1000], new float[8000])]);

        (PayloadCodec.Encode(tensors).Length - tensors.TotalBytes).Should().BeLessThan(100 + "h.0.mlp.experts.0.c_fc.lora_A".Length);
    }

    private static bool Same(TensorSet one, TensorSet other) =>
        one.Specs.SequenceEqual(other.Specs) && one.Zip(other).All(pair => pair.First.Data.Span.SequenceEqual(pair.Second.Data.Span));

    private static void Holds<T>(Gen<T> messages, Func<T, bool> survives) => Prop.ForAll(messages.ToArbitrary(), survives).QuickCheckThrowOnFailure();
}
