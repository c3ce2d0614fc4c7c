using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Transport;

namespace CoMiGS.Tests.Federation;

/// <summary>Each way in which a check-in or an update can be wrong: its code, a reason that says what to do, and a round that goes on.</summary>
public sealed class UpdateGateTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    public static TheoryData<string, ExpertUpdate, RefusalCode, string> BadUpdates() => new()
    {
        { "another run", Sent.Update("b") with { Run = "walk" }, RefusalCode.UnknownRun, "*leads the run run, not walk*" },
        { "a round that is over", Sent.Update("b", round: 0), RefusalCode.RoundClosed, "*Round 0 is over*" },
        { "a round to come", Sent.Update("b", round: 2), RefusalCode.RoundNotOpen, "*Round 2 is not open*" },
        { "a stranger", Sent.Update("x"), RefusalCode.NotInRound, "*not in round 1*Check in*" },
        { "a second update", Sent.Update("a", attempt: 2), RefusalCode.Duplicate, "*already counts attempt 1*" },
        { "another base", Sent.Update("b") with { BaseFingerprint = "other" }, RefusalCode.BaseFingerprint, "*base model is base, the device's is other*same weights*" },
        { "fewer tensors", WithTensors(Sent.Tensors(1, 2, 3).Take(1)), RefusalCode.Signature, "*2 tensors and this device 1 tensor*tensor 2: attention Float32 [1] in the run, none here*" },
        { "another shape", WithTensors([NamedTensor.FromFloats("generalist", [2, 1], [1, 2]), Sent.Tensors(1, 2, 3)[1]]), RefusalCode.Signature, "*generalist Float32 [2, 1] here*same generalists, ranks*" },
        { "another name", WithTensors([NamedTensor.FromFloats("router", [2], [1, 2]), Sent.Tensors(1, 2, 3)[1]]), RefusalCode.Signature, "*router Float32 [2] here*" },
        { "another order", WithTensors(Sent.Tensors(1, 2, 3).Reverse()), RefusalCode.Signature, "*tensor 1: generalist*" },
        { "another sample count", Sent.Update("b", samples: 1000), RefusalCode.Samples, "*counts 1000 samples, but*checked in with 10*" },
        { "NaN", Sent.Update("b", value: float.NaN), RefusalCode.NotFinite, "*Number 0 of generalist is not finite*learning rate*" },
        { "infinity", WithTensors(Sent.Tensors(1, 2, float.NegativeInfinity)), RefusalCode.NotFinite, "*Number 0 of attention*" },
        { "a huge number", WithTensors(Sent.Tensors(1, 1001, 3)), RefusalCode.Magnitude, "*Number 1 of generalist is beyond 1000*" },
    };

    public static TheoryData<string, CheckIn, RefusalCode, string> BadCheckIns() => new()
    {
        { "another run", Sent.CheckIn("x") with { Run = "walk" }, RefusalCode.UnknownRun, "*leads the run run, not walk*" },
        { "another protocol", Sent.CheckIn("x") with { ProtocolVersion = 2 }, RefusalCode.Protocol, "*protocol 2, the coordinator 1*" },
        { "another base", Sent.CheckIn("x") with { BaseFingerprint = "other" }, RefusalCode.BaseFingerprint, "*same weights on every device*" },
        { "no samples", Sent.CheckIn("x", samples: 0), RefusalCode.Samples, "*sample count is 0*Use 1 to 536870911*" },
        { "too many samples", Sent.CheckIn("x", samples: 1L << 29), RefusalCode.Samples, "*536870912*" },
        { "another rank", Sent.CheckIn("x") with { Shared = [new("generalist", TensorType.Float32, [4]), Sent.Shared[1]] }, RefusalCode.Signature, "*[2] in the run, generalist Float32 [4] here*" },
        { "zero generalists", Sent.CheckIn("x") with { Shared = [] }, RefusalCode.NothingShared, "*shares none*Give it a generalist*NoAggregation*" },
    };

    [Theory]
    [MemberData(nameof(BadUpdates))]
    public void A_bad_update_is_refused_with_code_and_reason_and_the_round_goes_on(string what, ExpertUpdate update, RefusalCode code, string reason)
    {
        var machine = Open();

        var receipt = machine.Update(update, Start);

        receipt.Accepted.Should().BeFalse(what);
        receipt.Code.Should().Be(code, what);
        receipt.Reason.Should().Match(reason);
        machine.TakeEvents().OfType<UpdateRefused>().Should().ContainSingle();
        machine.Update(Sent.Update("b", value: 3), Start).Accepted.Should().BeTrue();
        Sent.Floats(machine.Shared).Should().Equal([2, 3, -2], "only the good updates count");
    }

    [Theory]
    [MemberData(nameof(BadCheckIns))]
    public void A_device_that_does_not_fit_is_turned_away_and_the_round_goes_on(string what, CheckIn checkIn, RefusalCode code, string reason)
    {
        var machine = Open();

        var refusal = machine.CheckIn(checkIn, Start).Should().BeOfType<Refused>().Subject;

        refusal.Code.Should().Be(code, what);
        refusal.Reason.Should().Match(reason);
        machine.Update(Sent.Update("b", value: 3), Start).Accepted.Should().BeTrue();
        machine.RoundsDone.Should().Be(1);
    }

    [Fact]
    public void A_device_that_shares_nothing_is_turned_away_even_if_it_is_the_first() =>
        new RoundMachine(new RoundOptions(), new UniformMean()).CheckIn(Sent.CheckIn("x") with { Shared = [] }, Start)
            .Should().BeOfType<Refused>().Which.Code.Should().Be(RefusalCode.NothingShared);

    [Fact]
    public void The_options_can_settle_base_and_sharing_before_any_device_comes()
    {
        var options = new RoundOptions { BaseFingerprint = "base", Shared = Sent.Shared };
        var machine = new RoundMachine(options, new UniformMean());

        machine.CheckIn(Sent.CheckIn("x") with { BaseFingerprint = "other" }, Start).Should().BeOfType<Refused>();
        machine.CheckIn(Sent.CheckIn("x") with { Shared = [Sent.Shared[0]] }, Start).Should().BeOfType<Refused>();
        machine.CheckIn(Sent.CheckIn("a"), Start).Should().BeOfType<RoundPlan>();
    }

    [Fact]
    public void A_reason_never_holds_a_number_of_the_tensor()
    {
        var receipt = Open().Update(Sent.Update("b", value: 123456), Start);

        receipt.Code.Should().Be(RefusalCode.Magnitude);
        receipt.Reason.Should().NotContain("123456");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Only_the_newest_version_can_be_downloaded(long version)
    {
        var machine = Open();
        machine.Update(Sent.Update("b"), Start);

        var refusal = machine.RefuseDownload(new DownloadRequest("run", "a", version));

        (refusal?.Code ?? RefusalCode.None).Should().Be(version == 1 ? RefusalCode.None : RefusalCode.UnknownVersion);
    }

    /// <summary>Round 1 of devices a and b, where only b still owes its update.</summary>
    private static RoundMachine Open()
    {
        var machine = new RoundMachine(new RoundOptions { MinimumDevices = 2, MaximumMagnitude = 1000 }, new WeightedMean());
        machine.CheckIn(Sent.CheckIn("a"), Start);
        machine.CheckIn(Sent.CheckIn("b"), Start);
        machine.Update(Sent.Update("a", value: 1), Start);
        machine.TakeEvents();
        return machine;
    }

    private static ExpertUpdate WithTensors(IEnumerable<NamedTensor> tensors) => Sent.Update("b") with { Tensors = new TensorSet(tensors) };
}
