using System.Net;
using CoMiGS.Transport.TestKit;

namespace CoMiGS.Transport.Http.Tests;

/// <summary>Chunks that come twice, at the same moment or late, and many at once, over sockets.</summary>
public sealed class ChunkTests
{
    private const int ChunkBytes = 16 << 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly AnsweringCoordinator _coordinator = new();

    [Fact]
    public async Task A_chunk_that_is_there_is_not_overwritten_with_other_bytes()
    {
        await using var host = await StartAsync();
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var client = RawUpload.Client(host.Address);
        var upload = await RawUpload.OpenAsync(client, Payload(20_000, number: 1));
        (await upload.PutAsync(0)).Should().Be(HttpStatusCode.NoContent);

        (await upload.PutAsync(0, Changed(upload.Chunks[0]))).Should().Be(HttpStatusCode.NoContent);
        (await upload.PutAsync(1)).Should().Be(HttpStatusCode.NoContent);

        (await upload.FinishAsync()).Status.Should().Be(HttpStatusCode.OK, "its bytes are still those of its name");
        PayloadCodec.Encode(_coordinator.Heard.OfType<ExpertUpdate>().Should().ContainSingle().Subject).Should().Equal(Payload(20_000, number: 1));
    }

    [Fact]
    public async Task Of_two_chunks_for_one_place_at_the_same_moment_bytes_and_digests_are_never_mixed()
    {
        await using var host = await StartAsync();
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var client = RawUpload.Client(host.Address);
        for (var number = 1; number <= 50; number++)
        {
            var upload = await RawUpload.OpenAsync(client, Payload(8000, number));

            await Task.WhenAll(upload.PutAsync(0), upload.PutAsync(0, Changed(upload.Chunks[0])));

            (await upload.FinishAsync()).Status.Should().BeOneOf(HttpStatusCode.OK, HttpStatusCode.NotFound); // whichever came first
        }

        _coordinator.Heard.OfType<ExpertUpdate>().Should().AllSatisfy(
            update => PayloadCodec.Encode(update).Should().Equal(Payload(8000, update.Attempt), "nothing counts but what its name promises"));
    }

    [Theory]
    [InlineData(true, HttpStatusCode.NoContent)]
    [InlineData(false, HttpStatusCode.NotFound)]
    public async Task A_chunk_that_comes_again_and_late_is_taken_for_an_update_that_counts_and_unknown_for_one_that_was_dropped(bool counts, HttpStatusCode expected)
    {
        var receipt = counts ? UpdateReceipt.Counted : UpdateReceipt.Refuse(RefusalCode.RoundClosed, "The round is over.");
        await using var host = await StartAsync();
        await using var serving = new Serving(host.Coordinator, new AnsweringCoordinator { OnUpload = (_, _) => Task.FromResult(receipt) });
        using var client = RawUpload.Client(host.Address);
        var upload = await RawUpload.OpenAsync(client, Payload(20_000, number: 1));
        var late = new HeldBody(upload.Chunks[0]);
        var answer = upload.PutAsync(0, late);
        await late.Asked.WaitAsync(Patience);
        (await upload.PutAsync(0)).Should().Be(HttpStatusCode.NoContent);
        (await upload.PutAsync(1)).Should().Be(HttpStatusCode.NoContent);
        PayloadCodec.DecodeUpdateReceipt((await upload.FinishAsync()).Answer).Should().Be(receipt);

        late.LetGo();

        (await answer.WaitAsync(Patience)).Should().Be(expected);
    }

    [Fact]
    public async Task Two_chunks_of_a_connection_are_read_at_a_time_whatever_uploads_they_are_of()
    {
        await using var host = await HttpHost.StartAsync(Identity.Token, configure: o => (o.TokenKey, o.AllowUnknownDevices) = (null, true), patience: TimeSpan.FromMinutes(2));
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var client = RawUpload.Client(host.Address);
        using var other = RawUpload.Client(host.Address);
        var uploads = new List<RawUpload>();
        foreach (var number in Enumerable.Range(1, 5))
        {
            uploads.Add(await RawUpload.OpenAsync(client, Payload(8000, number)));
        }

        var waiting = uploads.Select(upload => new HeldBody(upload.Chunks[0])).ToList();
        var answers = uploads.Zip(waiting, (upload, body) => upload.PutAsync(0, body)).ToList();
        var read = new Queue<HeldBody>();
        for (var left = waiting.Count; left > 0; left--)
        {
            while (read.Count < Math.Min(2, left))
            {
                var asked = await Task.WhenAny(waiting.Select(body => body.Asked)).WaitAsync(Patience);
                var next = waiting.First(body => body.Asked == asked);
                waiting.Remove(next);
                read.Enqueue(next);
            }

            var last = await RawUpload.OpenAsync(other, Payload(8000, number: 100 + left));
            (await last.PutAsync(0)).Should().Be(HttpStatusCode.NoContent, "another connection has room of its own");
            using var later = await client.GetAsync("/");
            later.Version.Should().Be(HttpVersion.Version20, "all of them came on one connection, which still answers");
            waiting.Should().NotContain(body => body.Asked.IsCompleted, "two are being read");
            read.Dequeue().LetGo();
        }

        (await Task.WhenAll(answers).WaitAsync(Patience)).Should().HaveCount(5).And.OnlyContain(answer => answer == HttpStatusCode.NoContent);
    }

    private static Task<HttpHost> StartAsync() => HttpHost.StartAsync(Identity.None, configure: o => o.ChunkBytes = ChunkBytes, patience: TimeSpan.FromMinutes(2));

    private static byte[] Payload(int bytes, int number) => PayloadCodec.Encode(Sample.Update("anna", Sample.Tensors(bytes, seed: number), attempt: number));

    /// <summary>The same but for a bit of a number.</summary>
    private static byte[] Changed(byte[] chunk)
    {
        byte[] changed = [.. chunk];
        changed[chunk.Length / 2] ^= 1;
        return changed;
    }
}
