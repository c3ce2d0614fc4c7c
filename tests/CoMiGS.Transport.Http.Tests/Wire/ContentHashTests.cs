using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using CoMiGS.Transport.TestKit;

namespace CoMiGS.Transport.Http.Tests.Wire;

/// <summary>The names and digests of <c>docs/protocol.md</c> are those that both ends make, over sockets.</summary>
public sealed partial class ContentHashTests
{
    private const int ChunkBytes = 16_384;
    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "protocol.md"));
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 40_000).Select(i => (byte)(i * i % 251))]; // as the page says

    [Fact]
    public void The_name_and_the_digests_of_the_page_are_right()
    {
        var row = Rows().Matches(Page).ToDictionary(match => match.Groups["what"].Value, match => match.Groups["value"].Value);

        row.Should().Equal(new Dictionary<string, string>
        {
            ["HASH, and the `ETag` without its quotes"] = BlockDigests.NameOf(Bytes),
            ["`Content-Digest` of chunk 1, bytes 16384 to 32767"] = BlockDigests.DigestOf(Bytes[16_384..32_768]),
            ["`Content-Digest` of the range of bytes 10000 to 39999"] = BlockDigests.DigestOf(Bytes[10_000..]),
        });
    }

    [Fact]
    public async Task A_coordinator_takes_the_bytes_of_the_page_under_that_name_and_those_digests()
    {
        await using var host = await StartAsync();
        await using var serving = new Serving(host.Coordinator, new AnsweringCoordinator());
        using var client = RawUpload.Client(host.Address);
        var upload = await RawUpload.OpenAsync(client, Bytes);

        for (var index = 0; index < 3; index++)
        {
            (await upload.PutAsync(index)).Should().Be(HttpStatusCode.NoContent);
        }

        var (status, answer) = await upload.FinishAsync();
        status.Should().Be(HttpStatusCode.OK, "the chunks make the name");
        PayloadCodec.DecodeUpdateReceipt(answer).Code.Should().Be(RefusalCode.Malformed, "they make no message");
    }

    [Fact]
    public async Task A_device_sends_names_and_digests_as_the_page_has_them()
    {
        await using var host = await StartAsync();
        await using var serving = new Serving(host.Coordinator, new AnsweringCoordinator());
        var sent = new ConcurrentDictionary<string, string>();
        var options = host.Impatient();
        options.Handler = inner => new Tap(inner, (request, send) =>
        {
            if (request.Method == HttpMethod.Put)
            {
                sent[request.RequestUri!.AbsolutePath] = request.Headers.GetValues("Content-Digest").Single();
            }

            return send();
        });
        var update = Sample.Update("anna", Sample.Tensors(Bytes.Length, seed: 1));

        (await host.Device("anna", options).UploadAsync(update)).Should().Be(UpdateReceipt.Counted);

        var payload = PayloadCodec.Encode(update);
        var name = BlockDigests.NameOf(payload);
        sent.Should().BeEquivalentTo(payload.Chunk(ChunkBytes).Index().ToDictionary(chunk => $"/comigs/v1/uploads/{name}/{chunk.Index}", chunk => BlockDigests.DigestOf(chunk.Item)));
    }

    [Fact]
    public async Task A_range_that_is_not_whole_blocks_is_hashed_in_blocks_from_where_it_begins()
    {
        var shared = Sample.Tensors(Bytes.Length, seed: 1);
        await using var host = await StartAsync();
        await using var serving = new Serving(host.Coordinator, new AnsweringCoordinator { OnDownload = (_, _) => Task.FromResult(shared) });
        using var client = RawUpload.Client(host.Address);
        var asked = Base64Url.EncodeToString(PayloadCodec.Encode(new DownloadRequest("run", "anna", 1)));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/comigs/v1/shared/{asked}");
        request.Headers.Range = new RangeHeaderValue(10_000, 39_999);

        using var answer = await client.SendAsync(request);

        var payload = PayloadCodec.Encode(shared);
        answer.StatusCode.Should().Be(HttpStatusCode.PartialContent);
        answer.Headers.ETag!.Tag.Should().Be($"\"{BlockDigests.NameOf(payload)}\"");
        answer.Headers.GetValues("Content-Digest").Should().Equal(BlockDigests.DigestOf(payload[10_000..40_000]));
        (await answer.Content.ReadAsByteArrayAsync()).Should().Equal(payload[10_000..40_000]);
    }

    private static Task<HttpHost> StartAsync() => HttpHost.StartAsync(Identity.None, configure: o => o.ChunkBytes = ChunkBytes);

    // | `Content-Digest` of chunk 1, bytes 16384 to 32767 | `sha-256-blocks=:...:` |
    [GeneratedRegex(@"^\| (?<what>[^|]+) \| `(?<value>[0-9a-f]{64}|sha-256-blocks=:[A-Za-z0-9+/=]+:)` \|", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
