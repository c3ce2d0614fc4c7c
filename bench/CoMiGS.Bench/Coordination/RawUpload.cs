using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using CoMiGS.Transport;

namespace CoMiGS.Bench.Coordination;

/// <summary>Uploads as docs/protocol.md describes them, from one buffer: a device in the coordinator's process whose memory does not count.</summary>
/// <param name="http">The way to the coordinator.</param>
internal sealed class RawUpload(HttpClient http)
{
    private const int Block = 16 << 10;
    private readonly ArrayBufferWriter<byte> _payload = new();

    /// <summary>Delivers an update.</summary>
    public UpdateReceipt Send(ExpertUpdate update)
    {
        _payload.ResetWrittenCount();
        PayloadCodec.Encode(update, _payload);
        var payload = _payload.WrittenMemory;
        var path = $"/comigs/v1/uploads/{Convert.ToHexStringLower(SHA256.HashData(Digests(payload)))}";
        using var opened = Ask(HttpMethod.Post, $"{path}?bytes={payload.Length}");
        var size = int.Parse(opened.Headers.GetValues("CoMiGS-Chunk-Bytes").Single(), CultureInfo.InvariantCulture);
        for (var at = 0; at < payload.Length; at += size)
        {
            var chunk = payload[at..Math.Min(at + size, payload.Length)];
            Ask(HttpMethod.Put, $"{path}/{at / size}", chunk, Digest("sha-256-blocks", Digests(chunk))).Dispose();
        }

        using var counted = Ask(HttpMethod.Post, path + "/receipt");
        return PayloadCodec.DecodeUpdateReceipt(counted.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult());
    }

    private static byte[] Digests(ReadOnlyMemory<byte> content) => [.. Enumerable.Range(0, (content.Length + Block - 1) / Block).SelectMany(block => SHA256.HashData(content.Span[(block * Block)..Math.Min((block + 1) * Block, content.Length)]))];

    private static string Digest(string algorithm, ReadOnlySpan<byte> hashed) => $"{algorithm}=:{Convert.ToBase64String(SHA256.HashData(hashed))}:";

    private HttpResponseMessage Ask(HttpMethod method, string path, ReadOnlyMemory<byte> body = default, string? digest = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ReadOnlyMemoryContent(body), Version = http.DefaultRequestVersion, VersionPolicy = http.DefaultVersionPolicy };
        request.Headers.TryAddWithoutValidation("Content-Digest", digest ?? Digest("sha-256", body.Span));
        return http.Send(request).EnsureSuccessStatusCode();
    }
}
