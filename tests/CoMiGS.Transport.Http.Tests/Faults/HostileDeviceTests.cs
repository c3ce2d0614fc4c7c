using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Transport.Http.Tests.Faults;

/// <summary>A device that is let in and sends what it likes, byte by byte, to a coordinator as one would run it.</summary>
public sealed class HostileDeviceTests
{
    private const int Numbers = 1000;
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
        var upload = $"/comigs/v1/uploads/{Convert.ToHexStringLower(SHA256.HashData(Digests(payload)))}";
        using var opened = await client.PostAsync($"{upload}?bytes={payload.Length}", Body([]));
        opened.StatusCode.Should().Be(HttpStatusCode.OK);
        var size = int.Parse(opened.Headers.GetValues("CoMiGS-Chunk-Bytes").Single());
        foreach (var (index, chunk) in payload.Chunk(size).Index())
        {
            using var taken = await client.PutAsync($"{upload}/{index}", Body(Digests(chunk), chunk, "sha-256-blocks"));
            taken.StatusCode.Should().Be(HttpStatusCode.NoContent);
        }

        using var receipt = await client.PostAsync($"{upload}/receipt", Body([]));
        var answer = await receipt.Content.ReadAsByteArrayAsync();
        if (receipt.StatusCode != HttpStatusCode.OK)
        {
            return ((Refused)PayloadCodec.DecodeCheckInReply(answer)).Code;
        }

        var read = PayloadCodec.DecodeUpdateReceipt(answer);
        read.Accepted.Should().BeFalse();
        read.Reason.Should().NotBeEmpty();
        return read.Code;
    }

    private static ByteArrayContent Body(byte[] bytes) => Body(bytes, bytes, "sha-256");

    private static ByteArrayContent Body(byte[] hashed, byte[] bytes, string algorithm)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Digest", $"{algorithm}=:{Convert.ToBase64String(SHA256.HashData(hashed))}:");
        return content;
    }

    private static byte[] Digests(byte[] bytes) => [.. bytes.Chunk(16 << 10).SelectMany(SHA256.HashData)];

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
