using System.Collections.Concurrent;
using CoMiGS.Transport.TestKit;

namespace CoMiGS.Transport.Http.Tests;

/// <summary>Uploads in chunks, over sockets with TLS.</summary>
public sealed class UploadTests
{
    private const int ChunkBytes = 64 << 10;
    private static readonly ExpertUpdate Update = Sample.Update("anna", Sample.Tensors(16 * ChunkBytes, seed: 1)); // with its header, 17 chunks
    private readonly AnsweringCoordinator _coordinator = new();

    [Fact]
    public async Task An_upload_that_broke_off_goes_on_where_it_was()
    {
        await using var host = await StartAsync();
        await using var serving = new Serving(host.Coordinator, _coordinator);
        var arrived = new ConcurrentDictionary<string, bool>();
        var again = new ConcurrentBag<string>();
        var broken = true;
        var options = host.Impatient(retries: 0);
        options.Handler = inner => new Tap(inner, async (request, send) =>
        {
            var chunk = request.RequestUri!.AbsolutePath;
            if (request.Method != HttpMethod.Put)
            {
                return await send();
            }

            if (broken && arrived.Count >= 9)
            {
                throw new HttpRequestException("the line is cut");
            }

            if (arrived.ContainsKey(chunk))
            {
                again.Add(chunk);
            }

            var answer = await send();
            arrived[chunk] = true;
            return answer;
        });
        var device = host.Device("anna", options);
        await device.Invoking(d => d.UploadAsync(Update)).Should().ThrowAsync<TransportException>();
        arrived.Should().HaveCountGreaterThanOrEqualTo(9).And.HaveCountLessThan(17);
        broken = false;

        (await device.UploadAsync(Update)).Should().Be(UpdateReceipt.Counted);

        again.Should().BeEmpty("a chunk that had arrived is not sent again");
        Received().Should().Equal(PayloadCodec.Encode(Update));
    }

    [Fact]
    public async Task Two_chunks_are_on_their_way_at_most()
    {
        await using var host = await StartAsync();
        await using var serving = new Serving(host.Coordinator, _coordinator);
        var (now, most) = (0, 0);
        var options = host.Impatient();
        options.Handler = inner => new Tap(inner, async (request, send) =>
        {
            if (request.Method != HttpMethod.Put)
            {
                return await send();
            }

            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Yield();
            var answer = await send();
            Interlocked.Decrement(ref now);
            return answer;
        });

        await host.Device("anna", options).UploadAsync(Update);

        most.Should().Be(2);
    }

    [Fact]
    public async Task A_chunk_that_got_damaged_is_sent_again_and_nothing_damaged_counts()
    {
        await using var host = await StartAsync();
        await using var serving = new Serving(host.Coordinator, _coordinator);
        var chunks = 0;
        var options = host.Impatient();
        options.Handler = inner => new Tap(inner, async (request, send) =>
        {
            if (request.Method == HttpMethod.Put && Interlocked.Increment(ref chunks) % 4 == 1)
            {
                var body = await request.Content!.ReadAsByteArrayAsync();
                body[chunks] ^= 16;
                request.Content = new ByteArrayContent(body);
            }

            return await send();
        });

        (await host.Device("anna", options).UploadAsync(Update)).Should().Be(UpdateReceipt.Counted);

        chunks.Should().BeGreaterThan(17);
        Received().Should().Equal(PayloadCodec.Encode(Update));
    }

    [Fact]
    public async Task A_receipt_that_got_lost_is_asked_for_again_and_the_update_is_handed_over_once()
    {
        await using var host = await StartAsync();
        await using var serving = new Serving(host.Coordinator, _coordinator);
        var lost = 0;
        var options = host.Impatient();
        options.Handler = inner => new Tap(inner, async (request, send) =>
        {
            var answer = await send();
            return request.RequestUri!.AbsolutePath.EndsWith("/receipt", StringComparison.Ordinal) && lost++ < 2 ? throw new HttpRequestException("the line is cut") : answer;
        });

        (await host.Device("anna", options).UploadAsync(Update)).Should().Be(UpdateReceipt.Counted);

        lost.Should().Be(3);
        _coordinator.Heard.Should().ContainSingle();
    }

    [Fact]
    public async Task An_upload_that_the_coordinator_lost_begins_anew()
    {
        await using var host = await StartAsync();
        var first = new Serving(host.Coordinator, _coordinator);
        Serving? second = null;
        var options = host.Impatient();
        options.Handler = inner => new Tap(inner, async (request, send) =>
        {
            if (request.RequestUri!.AbsolutePath.EndsWith("/receipt", StringComparison.Ordinal) && second is null)
            {
                await first.DisposeAsync(); // another coordinator takes over and knows of nothing
                second = new Serving(host.Coordinator, _coordinator);
            }

            return await send();
        });

        (await host.Device("anna", options).UploadAsync(Update)).Should().Be(UpdateReceipt.Counted);

        Received().Should().Equal(PayloadCodec.Encode(Update));
        await second!.DisposeAsync();
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_fails_the_call_and_not_the_host()
    {
        await using var host = await HttpHost.StartAsync(Identity.Certificate, configure: o => o.UploadFolder = "/proc/nowhere");
        await using var serving = new Serving(host.Coordinator, _coordinator);
        var device = host.Device("anna", host.Impatient(retries: 1));

        await device.Invoking(d => d.UploadAsync(Update)).Should().ThrowAsync<TransportException>().WithMessage("*507*");
        (await device.CheckInAsync(Sample.CheckIn("anna"))).Should().BeOfType<RunFinished>();
    }

    [Fact]
    public async Task No_upload_is_left_on_the_disk()
    {
        var folder = Directory.CreateTempSubdirectory("comigs-").FullName;
        await using (var host = await HttpHost.StartAsync(Identity.Certificate, configure: o => o.UploadFolder = folder))
        {
            await using var serving = new Serving(host.Coordinator, _coordinator);
            await host.Device("anna").UploadAsync(Update);
            Directory.EnumerateFiles(folder).Should().BeEmpty("it counts already");
            var options = host.Impatient(retries: 0);
            options.Handler = inner => new Tap(inner, (request, send) => request.Method == HttpMethod.Put ? throw new HttpRequestException("cut") : send());
            await host.Device("ben", options).Invoking(d => d.UploadAsync(Sample.Update("ben", Sample.Tensors(64, 2)))).Should().ThrowAsync<TransportException>();
        }

        Directory.EnumerateFiles(folder).Should().BeEmpty();
        Directory.Delete(folder);
    }

    [Fact]
    public async Task An_upload_on_its_way_is_gone_with_its_process_however_that_ends()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // there the system deletes the file with its last handle
        }

        var folder = Directory.CreateTempSubdirectory("comigs-").FullName;
        await using (var host = await HttpHost.StartAsync(Identity.Certificate, configure: o => o.UploadFolder = folder))
        {
            await using var serving = new Serving(host.Coordinator, _coordinator);
            var options = host.Impatient();
            var files = new List<string>();
            options.Handler = inner => new Tap(inner, (request, send) =>
            {
                files.AddRange(request.Method == HttpMethod.Put || request.RequestUri!.AbsolutePath.EndsWith("receipt", StringComparison.Ordinal) ? Directory.EnumerateFiles(folder) : []);
                return send();
            });

            (await host.Device("anna", options).UploadAsync(Update)).Should().Be(UpdateReceipt.Counted);

            files.Should().BeEmpty("a file without a name takes no room once its process has ended");
        }

        Directory.Delete(folder);
    }

    private static Task<HttpHost> StartAsync() => HttpHost.StartAsync(Identity.Certificate, configure: o => o.ChunkBytes = ChunkBytes);

    private byte[] Received() => PayloadCodec.Encode(_coordinator.Heard.OfType<ExpertUpdate>().Should().ContainSingle().Subject);
}
