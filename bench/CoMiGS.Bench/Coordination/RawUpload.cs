using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using CoMiGS.Transport;

namespace CoMiGS.Bench.Coordination;

/// <summary>Uploads as docs/protocol.md describes them, from one buffer: a device in the coordinator's process whose memory does not count.</summary>
/// <param name="http">The way to the coordinator.</param>
internal sealed class RawUpload(HttpClient http)
{
    private readonly ArrayBufferWriter<byte> _payload = new();

    /// <summary>Delivers an update.</summary>
    public UpdateReceipt Send(ExpertUpdate update)
    {
        _payload.ResetWrittenCount();
        PayloadCodec.Encode(update, _payload);
        var payload = _payload.WrittenMemory;
        var path = $"/comigs/v1/uploads/{Convert.ToHexStringLower(SHA256.HashData(payload.Span))}";
        using var opened = Ask(HttpMethod.Post, $"{path}?bytes={payload.Length}", default);
        var size = int.Parse(opened.Headers.GetValues("CoMiGS-Chunk-Bytes").Single(), CultureInfo.InvariantCulture);
        for (var at = 0; at < payload.Length; at += size)
        {
            Ask(HttpMethod.Put, $"{path}/{at / size}", payload[at..Math.Min(at + size, payload.Length)]).Dispose();
        }

        using var counted = Ask(HttpMethod.Post, path + "/receipt", default);
        return PayloadCodec.DecodeUpdateReceipt(counted.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult());
    }

    private HttpResponseMessage Ask(HttpMethod method, string path, ReadOnlyMemory<byte> body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ReadOnlyMemoryContent(body), Version = http.DefaultRequestVersion, VersionPolicy = http.DefaultVersionPolicy };
        request.Headers.TryAddWithoutValidation("Content-Digest", $"sha-256=:{Convert.ToBase64String(SHA256.HashData(body.Span))}:");
        return http.Send(request).EnsureSuccessStatusCode();
    }
}
