namespace CoMiGS.Transport.TestKit;

/// <content>Messages arrive as they were sent.</content>
public abstract partial class TransportConformance
{
    private const float NegativeZero = -0f;

    /// <summary>Every kind of answer to a check-in.</summary>
    public static TheoryData<CheckInReply> Replies =>
    [
        Sample.Plan,
        Sample.Plan with { Deadline = null, Shared = [] },
        new RetryWindow(TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(5), "Waiting for devices: 1 of 4."),
        new RunFinished(20, 20),
        new Refused(RefusalCode.BaseFingerprint, "Load the same weights.\nOn every device: ü 語 😀"),
    ];

    [Theory]
    [MemberData(nameof(Replies), DisableDiscoveryEnumeration = true)]
    public Task A_check_in_and_its_answer_arrive_as_they_were_sent(CheckInReply reply)
    {
        var coordinator = new AnsweringCoordinator { OnCheckIn = (_, _) => Task.FromResult(reply) };
        return WithServedAsync(coordinator, async transport =>
        {
            var sent = Sample.CheckIn("anna");

            var answer = await transport.Device("anna").CheckInAsync(sent).WaitAsync(Patience);

            PayloadCodec.Encode(answer).Should().Equal(PayloadCodec.Encode(reply));
            PayloadCodec.Encode(coordinator.Heard.Should().ContainSingle().Which.Should().BeOfType<CheckIn>().Subject).Should().Equal(PayloadCodec.Encode(sent));
        });
    }

    [Fact]
    public Task A_download_brings_every_bit()
    {
        var tensors = new TensorSet([
            NamedTensor.FromFloats("odd", [2, 4], [float.NaN, float.NegativeInfinity, float.Epsilon, NegativeZero, 1f / 3, float.MaxValue, BitConverter.Int32BitsToSingle(0x7f800001), 0]),
            NamedTensor.FromFloats("none", [0, 7], []),
            NamedTensor.FromFloats("scalar", [], [42])]);
        var coordinator = new AnsweringCoordinator { OnDownload = (_, _) => Task.FromResult(tensors) };
        return WithServedAsync(coordinator, async transport =>
        {
            var sent = new DownloadRequest("run", "anna", long.MaxValue);

            var got = await transport.Device("anna").DownloadAsync(sent).WaitAsync(Patience);

            Bytes(got).Should().Equal(Bytes(tensors));
            coordinator.Heard.Should().AllBeEquivalentTo(sent);
        });
    }

    [Fact]
    public Task An_update_brings_every_bit_and_its_receipt_comes_back()
    {
        var coordinator = new AnsweringCoordinator();
        return WithServedAsync(coordinator, async transport =>
        {
            var sent = Sample.Update("anna", Sample.Tensors(4096, seed: 1), attempt: 7);

            var receipt = await transport.Device("anna").UploadAsync(sent).WaitAsync(Patience);

            receipt.Should().Be(UpdateReceipt.Counted);
            PayloadCodec.Encode((ExpertUpdate)coordinator.Heard.Should().ContainSingle().Subject).Should().Equal(PayloadCodec.Encode(sent));
        });
    }

    [Fact]
    public Task Nothing_to_share_crosses_as_nothing()
    {
        var coordinator = new AnsweringCoordinator();
        return WithServedAsync(coordinator, async transport =>
        {
            var device = transport.Device("anna");

            (await device.DownloadAsync(new DownloadRequest("run", "anna", 1)).WaitAsync(Patience)).Should().BeEmpty();
            (await device.UploadAsync(Sample.Update("anna", TensorSet.Empty)).WaitAsync(Patience)).Should().Be(UpdateReceipt.Counted);
            coordinator.Heard.OfType<ExpertUpdate>().Should().ContainSingle().Which.Tensors.Should().BeEmpty();
        });
    }

    [Fact]
    public Task A_refused_download_is_an_exception_with_code_and_reason()
    {
        var refusal = new Refused(RefusalCode.UnknownVersion, "Version 3 is not kept any more. Check in again.");
        var coordinator = new AnsweringCoordinator { OnDownload = (_, _) => throw new RefusedException(refusal) };
        return WithServedAsync(coordinator, async transport =>
        {
            var download = () => transport.Device("anna").DownloadAsync(new DownloadRequest("run", "anna", 3)).WaitAsync(Patience);

            (await download.Should().ThrowAsync<RefusedException>()).Which.Refusal.Should().Be(refusal);
        });
    }

    [Fact]
    public Task A_refused_update_is_a_receipt_with_code_and_reason()
    {
        var refusal = UpdateReceipt.Refuse(RefusalCode.NotFinite, "Number 3 of h.0 is not finite.");
        var coordinator = new AnsweringCoordinator { OnUpload = (_, _) => Task.FromResult(refusal) };
        return WithServedAsync(coordinator, async transport =>
            (await transport.Device("anna").UploadAsync(Sample.Update("anna", TensorSet.Empty)).WaitAsync(Patience)).Should().Be(refusal));
    }

    [Fact]
    public Task A_set_just_within_the_limits_crosses_both_ways()
    {
        var tensors = Sample.Tensors((4 << 20) - 4096, seed: 2);
        var coordinator = new AnsweringCoordinator { OnDownload = (_, _) => Task.FromResult(tensors) };
        return WithServedAsync(coordinator, PayloadLimits.Default with { MaxBytes = 4 << 20 }, async transport =>
        {
            var device = transport.Device("anna");

            Bytes(await device.DownloadAsync(new DownloadRequest("run", "anna", 1)).WaitAsync(Patience)).AsSpan().SequenceEqual(Bytes(tensors)).Should().BeTrue();
            (await device.UploadAsync(Sample.Update("anna", tensors)).WaitAsync(Patience)).Should().Be(UpdateReceipt.Counted);
            Bytes(coordinator.Heard.OfType<ExpertUpdate>().Single().Tensors).AsSpan().SequenceEqual(Bytes(tensors)).Should().BeTrue();
        });
    }

    [Fact]
    public Task A_message_beyond_the_limits_does_not_reach_the_coordinator()
    {
        var coordinator = new AnsweringCoordinator();
        return WithServedAsync(coordinator, PayloadLimits.Default with { MaxBytes = 1 << 20 }, async transport =>
        {
            var upload = () => transport.Device("anna").UploadAsync(Sample.Update("anna", Sample.Tensors(1 << 20, seed: 3))).WaitAsync(Patience);

            await upload.Should().ThrowAsync<PayloadException>();
            coordinator.Heard.Should().BeEmpty();
        });
    }

    [Fact]
    public Task As_many_tensors_as_the_limits_allow_cross()
    {
        var tensors = new TensorSet(Enumerable.Range(0, 2000).Select(i => NamedTensor.FromFloats($"h.{i}.lora_B", [1], [i])));
        var coordinator = new AnsweringCoordinator();
        return WithServedAsync(coordinator, PayloadLimits.Default with { MaxTensors = 2000 }, async transport =>
        {
            await transport.Device("anna").UploadAsync(Sample.Update("anna", tensors)).WaitAsync(Patience);

            Bytes(coordinator.Heard.OfType<ExpertUpdate>().Single().Tensors).AsSpan().SequenceEqual(Bytes(tensors)).Should().BeTrue();
        });
    }
}
