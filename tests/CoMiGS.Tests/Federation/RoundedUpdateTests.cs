using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FlexLora;
using CoMiGS.Federation;
using CoMiGS.Transport;
using static CoMiGS.Tests.Federation.Federations;

namespace CoMiGS.Tests.Federation;

/// <summary>Updates that are rounded on the way, and what makes up for it.</summary>
public sealed class RoundedUpdateTests : IDisposable
{
    private const int Rounds = 30;
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(TensorType.BFloat16, 1.0 / 256)]
    [InlineData(TensorType.Int8, 1.0 / 127 / 2)]
    public async Task What_rounding_takes_from_one_round_the_next_one_brings(TensorType type, double oneRound)
    {
        var training = new Drift(Enumerable.Range(0, 300).Select(i => MathF.Sin(i) / 100).ToArray());
        using var coordinator = Coordinator(new RoundOptions { Count = Rounds, SendAs = type, InitialSeed = 0 });
        var transport = new InMemoryTransport();

        await RunAsync(transport, coordinator, [Device("a", training, transport)]);

        // Every round rounds the same differences, so without feedback the errors would be 30 times that of one round.
        var most = coordinator.Shared[0].ToFloats().Zip(training.Step, (sum, step) => Math.Abs(sum - ((double)step * Rounds))).Max();
        most.Should().BeLessThan(0.01 * oneRound * 1.6).And.BeGreaterThan(0);
        training.Values.Should().Equal(coordinator.Shared[0].ToFloats(), "the last download is in float32");
    }

    [Theory]
    [InlineData(TensorType.Float32, 1)]
    [InlineData(TensorType.BFloat16, 0.5)]
    [InlineData(TensorType.Int8, 0.27)]
    public async Task A_round_carries_so_many_bytes_up_and_down(TensorType type, double share)
    {
        var training = new Drift(new float[4096]);
        using var coordinator = Coordinator(new RoundOptions { Count = 3, SendAs = type });
        var transport = new InMemoryTransport();
        var moments = new List<DeviceMoment>();

        await RunAsync(transport, coordinator, [Device("a", training, transport, moments.Add)]);

        var last = moments.Last(moment => moment.Stage == DeviceStage.Uploaded);
        (last.BytesSent / (3 * 4096 * 4.0)).Should().BeLessThanOrEqualTo(share);
        (last.BytesReceived / (2 * 4096 * 4.0)).Should().BeLessThanOrEqualTo(share);
    }

    [Fact]
    public void A_device_that_knows_only_float32_takes_part_where_the_plan_asks_for_int8()
    {
        var machine = Open(TensorType.Int8);

        machine.View("a").Should().BeSameAs(machine.Shared);
        machine.Update(Sent.Update("a", round: 2, value: 8), Start).Accepted.Should().BeTrue();

        Sent.Floats(machine.Shared).Should().Equal(8, 9, -8);
    }

    [Fact]
    public void Differences_are_added_to_what_the_round_began_with()
    {
        var machine = Open(TensorType.BFloat16);
        var update = Sent.Update("a", round: 2, value: 8) with { Content = UpdateContent.Differences };

        machine.Update(update with { Tensors = update.Tensors.As(TensorType.BFloat16) }, Start).Accepted.Should().BeTrue();

        Sent.Floats(machine.Shared).Should().Equal(1 + 8, 2 + 9, -1 - 8);
    }

    [Fact]
    public void Everybody_downloads_the_same_rounding_of_a_version()
    {
        var machine = Open(TensorType.Int8);

        var rounded = machine.View("a", TensorType.Int8);

        rounded[0].Spec.Type.Should().Be(TensorType.Int8);
        machine.View("b", TensorType.Int8).Should().BeSameAs(rounded);
        machine.View("a", TensorType.BFloat16).Should().BeSameAs(machine.Shared, "nobody asked the run for that type");
    }

    [Fact]
    public void A_type_that_the_plan_did_not_ask_for_is_refused() =>
        Refused(Open(TensorType.BFloat16), Sent.Update("a", round: 2) with { Tensors = Sent.Tensors(1, 2, 3).As(TensorType.Int8) }, RefusalCode.Signature, "*generalist Int8 [2] here*");

    [Fact]
    public void Differences_that_the_plan_did_not_ask_for_are_refused() =>
        Refused(Open(TensorType.Float32), Sent.Update("a", round: 2) with { Content = UpdateContent.Differences }, RefusalCode.Signature, "*asks for float32*");

    [Fact]
    public void Differences_to_no_version_are_refused()
    {
        var machine = new RoundMachine(new RoundOptions { SendAs = TensorType.Int8 }, new UniformMean());
        machine.CheckIn(Sent.CheckIn("a"), Start);

        Refused(machine, Sent.Update("a") with { Content = UpdateContent.Differences }, RefusalCode.Signature, "*no version*Send values*");
    }

    [Fact]
    public void A_scale_that_is_not_finite_is_refused()
    {
        var tensors = Sent.Tensors(1, 2, 3).As(TensorType.Int8);
        var data = tensors[0].Data.ToArray();
        BitConverter.TryWriteBytes(data, float.NaN);

        var update = Sent.Update("a", round: 2) with { Tensors = new TensorSet([new NamedTensor(tensors[0].Spec, data), tensors[1]]) };

        Refused(Open(TensorType.Int8), update, RefusalCode.NotFinite, "*generalist*");
    }

    [Fact]
    public void A_check_in_with_other_types_than_float32_is_refused()
    {
        var machine = new RoundMachine(new RoundOptions(), new UniformMean());

        var reply = machine.CheckIn(Sent.CheckIn("a") with { Shared = Sent.Tensors(1, 2, 3).As(TensorType.Int8).Specs }, Start);

        reply.Should().BeOfType<Refused>().Which.Reason.Should().Match("*generalist Int8 [2]*Check in with tensors of type Float32*");
    }

    [Fact]
    public void A_strategy_with_views_of_their_own_for_devices_takes_float32_only() =>
        FluentActions.Invoking(() => new RoundMachine(new RoundOptions { SendAs = TensorType.Int8 }, new FlexLoraStrategy()))
            .Should().Throw<ArgumentException>().WithMessage("*SendAs is Int8*FlexLora*view of its own*WeightedMean*");

    [Fact]
    public async Task An_update_that_is_not_finite_goes_as_it_is_so_that_the_coordinator_says_why_it_does_not_count()
    {
        using var coordinator = Coordinator(new RoundOptions { SendAs = TensorType.Int8 });
        var transport = new InMemoryTransport();

        await FluentActions.Awaiting(() => RunAsync(transport, coordinator, [Device("a", new Drift([1, float.NaN]), transport)]))
            .Should().ThrowAsync<FederationException>().WithMessage("*NotFinite*diverged*");
    }

    [Fact]
    public void A_rest_that_is_damaged_is_not_used()
    {
        var file = Path.Combine(_folder, "rounding.bin");
        File.WriteAllBytes(file, new byte[100]);

        FluentActions.Invoking(() => new FederatedDevice("run", "a", new Drift([1]), new InMemoryTransport(), roundingFile: file))
            .Should().Throw<InvalidDataException>().WithMessage("*rounding.bin*damaged*Delete it*");
    }

    /// <summary>Round 2 of a device, which begins with 1, 2 and -1.</summary>
    private static RoundMachine Open(TensorType type)
    {
        var machine = new RoundMachine(new RoundOptions { SendAs = type }, new UniformMean());
        machine.CheckIn(Sent.CheckIn("a"), Start);
        machine.Update(Sent.Update("a", value: 1), Start);
        machine.CheckIn(Sent.CheckIn("a"), Start).Should().BeOfType<RoundPlan>().Which.SendAs.Should().Be(type);
        return machine;
    }

    private static void Refused(RoundMachine machine, ExpertUpdate update, RefusalCode code, string reason)
    {
        var receipt = machine.Update(update, Start);

        receipt.Code.Should().Be(code);
        receipt.Reason.Should().Match(reason);
    }

    /// <summary>Adds the same to its numbers in every round, whatever they are.</summary>
    private sealed class Drift(float[] step) : ILocalTraining
    {
        public float[] Step => step;

        public float[] Values { get; private set; } = new float[step.Length];

        public string BaseFingerprint => "base";

        public long Samples => 10;

        public IReadOnlyList<TensorSpec> SharedParameters { get; } = [new("generalist", TensorType.Float32, [step.Length])];

        public void InitialiseShared(long seed) => Values = new float[step.Length];

        public void Import(TensorSet parameters) => Values = parameters[0].AsFloats().ToArray();

        public TensorSet Export() => new([NamedTensor.FromFloats("generalist", [Values.Length], Values)]);

        public IReadOnlyDictionary<string, double> Train(int steps, int horizon, CancellationToken cancellationToken)
        {
            Values = [.. Values.Zip(step, (value, more) => value + more)];
            return new Dictionary<string, double>();
        }
    }
}
