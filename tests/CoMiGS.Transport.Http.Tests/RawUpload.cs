using System.Net;

namespace CoMiGS.Transport.Http.Tests;

/// <summary>An upload request by request, as <c>docs/protocol.md</c> has it, of whatever a test likes.</summary>
internal sealed class RawUpload
{
    private readonly HttpClient _client;
    private readonly string _path;

    private RawUpload(HttpClient client, string path, IReadOnlyList<byte[]> chunks) => (_client, _path, Chunks) = (client, path, chunks);

    public IReadOnlyList<byte[]> Chunks { get; }

    /// <summary>Somebody without an identity, who sends a body that is held back only when it is asked for; over HTTP/2 where there is TLS.</summary>
    public static HttpClient Client(Uri address) => new(new SocketsHttpHandler
    {
        Expect100ContinueTimeout = Timeout.InfiniteTimeSpan,
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    }) { BaseAddress = address, DefaultRequestVersion = HttpVersion.Version20 };

    public static async Task<RawUpload> OpenAsync(HttpClient client, byte[] payload)
    {
        var path = $"/comigs/v1/uploads/{BlockDigests.NameOf(payload)}";
        using var opened = await client.PostAsync($"{path}?bytes={payload.Length}", new ByteArrayContent([]));
        opened.StatusCode.Should().Be(HttpStatusCode.OK);
        var size = int.Parse(opened.Headers.GetValues("CoMiGS-Chunk-Bytes").Single());
        return new RawUpload(client, path, [.. payload.Chunk(size)]);
    }

    public Task<HttpStatusCode> PutAsync(int index) => PutAsync(index, Chunks[index]);

    public async Task<HttpStatusCode> PutAsync(int index, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Digest", BlockDigests.DigestOf(bytes));
        using var answer = await _client.PutAsync($"{_path}/{index}", content);
        return answer.StatusCode;
    }

    public async Task<HttpStatusCode> PutAsync(int index, HeldBody body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{_path}/{index}") { Content = body, Version = _client.DefaultRequestVersion };
        request.Headers.ExpectContinue = true;
        using var answer = await _client.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>Asks for the receipt.</summary>
    public async Task<(HttpStatusCode Status, byte[] Answer)> FinishAsync()
    {
        using var answer = await _client.PostAsync($"{_path}/receipt", new ByteArrayContent([]));
        return (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync());
    }
}
