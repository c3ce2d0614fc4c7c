using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Transport.Http.Tests.Faults;

/// <summary>A device that is let in and sends what it likes, byte by byte, to a coordinator as one would run it. Meters are per process: so it runs alone.</summary>
[Collection(Alone)]
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed class HostileDeviceTests
{
    private const string Alone = "alone with the meters";
    private const int Numbers = 1000;
    private const int Unreadable = 3202;
    private static readonly PayloadLimits Loose = PayloadLimits.Default with { MaxTensors = 200_000 };

    [Fact]
    public async Task Whatever_a_device_sends_is_refused_with_a_code_and_the_round_goes_on_without_it()
    {
        await using var host = new RunHost(() => new InMemoryRoundStore(), r => (r.Count, r.MinimumDevices) = (1, 2));
        await host.StartAsync();
        using var ben = Device(host, "ben");
        using var mallory = Device(host, "mallory");
        var waiting = ben.CheckInAsync(CheckIn("ben"));
        (await mallory.CheckInAsync(CheckIn("mallory"))).Should().BeOfType<RoundPlan>();
        (await waiting).Should().BeOfType<RoundPlan>();
        using var raw = Raw(host, "mallory");

        foreach (var (what, payload, code) in Spoilt())
        {
            (await SendAsync(raw, payload)).Should().Be(code, what);
        }

        (await ben.UploadAsync(Update("ben", 1))).Accepted.Should().BeTrue();
        host.Coordinator.Finished.IsCompleted.Should().BeFalse("nothing that mallory sent counts");
        (await mallory.UploadAsync(Update("mallory", 3))).Accepted.Should().BeTrue("what is as it should be counts, whatever was sent before");
        host.Coordinator.Shared.Should().ContainSingle().Which.AsFloats().ToArray().Should().HaveCount(Numbers).And.AllBeEquivalentTo(2f);
    }

    [Fact]
    public async Task What_cannot_be_read_or_is_in_the_name_of_another_is_counted_by_its_code_and_logged_without_what_was_in_it()
    {
        var counted = new ConcurrentDictionary<string, long>();
        using var listener = Listen(counted);
        using var log = new HeardLog();
        await using var host = new RunHost(() => new InMemoryRoundStore(), r => (r.Count, r.MinimumDevices) = (1, 2), log: log);
        await host.StartAsync();
        using var raw = Raw(host, "mallory");
        var seen = Spoilt().Where(spoilt => spoilt.Code is RefusalCode.Malformed or RefusalCode.Identity).ToList();

        foreach (var (what, payload, code) in seen)
        {
            (await SendAsync(raw, payload)).Should().Be(code, what);
        }

        var malformed = seen.Count(spoilt => spoilt.Code == RefusalCode.Malformed);
        counted.Should().BeEquivalentTo(new Dictionary<string, long> { ["Malformed"] = malformed, ["Identity"] = seen.Count - malformed });
        log.Messages.Where(message => message.Id == Unreadable).Should().HaveCount(malformed)
            .And.AllSatisfy(message => message.Text.Should().Contain("mallory").And.Contain("Malformed").And.NotContain("generalist"));
    }

    private static IEnumerable<(string What, byte[] Payload, RefusalCode Code)> Spoilt()
    {
        var good = Update("mallory", 3);
        yield return ("another run", Bytes(good with { Run = "walk" }), RefusalCode.UnknownRun);
        yield return ("a round to come", Bytes(good with { Round = 2 }), RefusalCode.RoundNotOpen);
        yield return ("a round that never was", Bytes(good with { Round = 0 }), RefusalCode.RoundClosed);
        yield return ("in the name of another", Bytes(good with { Device = "ben" }), RefusalCode.Identity);
        yield return ("another base", Bytes(good with { BaseFingerprint = "other" }), RefusalCode.BaseFingerprint);
        yield return ("more samples", Bytes(good with { Samples = 1 << 20 }), RefusalCode.Samples);
        yield return ("differences that nobody asked for", Bytes(good with { Content = UpdateContent.Differences }), RefusalCode.Signature);
        yield return ("nothing", Bytes(good with { Tensors = TensorSet.Empty }), RefusalCode.Signature);
        yield return ("a specialist besides", Bytes(good with { Tensors = new([.. good.Tensors, NamedTensor.FromFloats("specialist", [1], [1])]) }), RefusalCode.Signature);
        yield return ("another shape", Bytes(good with { Tensors = new([NamedTensor.FromFloats("generalist", [2, Numbers / 2], new float[Numbers])]) }), RefusalCode.Signature);
        yield return ("NaN", Bytes(Update("mallory", float.NaN)), RefusalCode.NotFinite);
        yield return ("infinity", Bytes(Update("mallory", float.NegativeInfinity)), RefusalCode.NotFinite);
        yield return ("a number beyond the bound", Bytes(Update("mallory", 1e30f)), RefusalCode.Magnitude);
        yield return ("a hundred thousand tensors", Bytes(good with { Tensors = new(Enumerable.Range(0, 100_000).Select(i => NamedTensor.FromFloats($"{i}", [1], [1]))) }), RefusalCode.Malformed);
        yield return ("a name that is not UTF-8", Patched("generalist"u8, at: 0, 0xFF), RefusalCode.Malformed);
        yield return ("a name with a line break", Patched("generalist"u8, at: 3, (byte)'\n'), RefusalCode.Malformed);
        yield return ("a message of ten gigabytes", Patched("CMGS"u8, at: 8, BitConverter.GetBytes(10L << 30)), RefusalCode.Malformed);
        yield return ("a tensor of four terabytes", Patched(BitConverter.GetBytes((long)Numbers), at: 0, BitConverter.GetBytes(1L << 40)), RefusalCode.Malformed);
        yield return ("a tensor of less than nothing", Patched(BitConverter.GetBytes((long)Numbers), at: 0, BitConverter.GetBytes(-1L)), RefusalCode.Malformed);
        yield return ("four thousand million tensors", Patched("generalist"u8, at: -6, BitConverter.GetBytes(uint.MaxValue)), RefusalCode.Malformed);
        yield return ("a later version", Patched("CMGS"u8, at: 4, 9), RefusalCode.Malformed);
        yield return ("another message", PayloadCodec.Encode(CheckIn("mallory")), RefusalCode.Malformed);
        yield return ("half of it", Bytes(good)[..500], RefusalCode.Malformed);
        yield return ("more than it", [.. Bytes(good), 0], RefusalCode.Malformed);
        yield return ("nothing that anybody could read", [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 37))], RefusalCode.Malformed);

        byte[] Patched(ReadOnlySpan<byte> where, int at, params byte[] bytes)
        {
            var payload = Bytes(good);
            bytes.CopyTo(payload, payload.AsSpan().IndexOf(where) + at);
            return payload;
        }
    }

    /// <summary>Sends a payload as the protocol has it, whatever it is.</summary>
    /// <returns>How it is refused.</returns>
    private static async Task<RefusalCode> SendAsync(HttpClient client, byte[] payload)
    {
        var upload = await RawUpload.OpenAsync(client, payload);
        for (var index = 0; index < upload.Chunks.Count; index++)
        {
            (await upload.PutAsync(index)).Should().Be(HttpStatusCode.NoContent);
        }

        var (status, answer) = await upload.FinishAsync();
        if (status != HttpStatusCode.OK)
        {
            return ((Refused)PayloadCodec.DecodeCheckInReply(answer)).Code;
        }

        var read = PayloadCodec.DecodeUpdateReceipt(answer);
        read.Accepted.Should().BeFalse();
        read.Reason.Should().NotBeEmpty();
        return read.Code;
    }

    /// <summary>Counts the updates that the transport refuses, by code.</summary>
    private static MeterListener Listen(ConcurrentDictionary<string, long> counted)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "CoMiGS.Transport.Http" && instrument.Name == "comigs.updates.refused")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Add(counted, (string)tags[0].Value!, value));
        listener.Start();
        return listener;
    }

    private static void Add(ConcurrentDictionary<string, long> counted, string code, long value) => counted.AddOrUpdate(code, value, (_, sum) => sum + value);

    private static HttpDeviceTransport Device(RunHost host, string name)
    {
        var options = host.Patient();
        options.ClientCertificate = host.Authority.Client(name);
        return new HttpDeviceTransport(new Uri($"https://localhost:{host.Port}"), options);
    }

    private static HttpClient Raw(RunHost host, string name) => new(new SocketsHttpHandler
    {
        SslOptions = { ClientCertificates = [host.Authority.Client(name)], RemoteCertificateValidationCallback = (_, _, _, _) => true },
    }) { BaseAddress = new Uri($"https://localhost:{host.Port}") };

    private static CheckIn CheckIn(string device) => new("run", device, "base", [new TensorSpec("generalist", TensorType.Float32, [Numbers])], 10, ProtocolVersion.Current);

    private static ExpertUpdate Update(string device, float value) =>
        new("run", 1, device, 1, "base", 10, new TensorSet([NamedTensor.FromFloats("generalist", [Numbers], [.. Enumerable.Repeat(value, Numbers)])]), new Dictionary<string, double> { ["loss"] = 1 });

    private static byte[] Bytes(ExpertUpdate update) => PayloadCodec.Encode(update, Loose);
}
