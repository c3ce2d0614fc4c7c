using System.Net;
using CoMiGS.Transport.TestKit;

namespace CoMiGS.Transport.Http.Tests;

/// <summary>Downloads in ranges, over sockets with TLS.</summary>
public sealed class DownloadTests : IDisposable
{
    private const int ChunkBytes = 64 << 10;
    private static readonly TensorSet Shared = Sample.Tensors(10 * ChunkBytes, seed: 1); // with its header, 11 ranges
    private static readonly DownloadRequest Request = new("run", "anna", 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs-").FullName;
    private readonly AnsweringCoordinator _coordinator = new() { OnDownload = (_, _) => Task.FromResult(Shared) };
    private readonly List<HttpStatusCode> _answers = [];

    [Fact]
    public async Task A_device_that_has_the_parameters_downloads_nothing()
    {
        await using var host = await HttpHost.StartAsync(Identity.Certificate);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        var device = host.Device("anna", Watched(host));
        await device.DownloadAsync(Request);
        _answers.Should().HaveCount(11).And.OnlyContain(status => status == HttpStatusCode.PartialContent);
        _answers.Clear();

        var again = await device.DownloadAsync(Request with { Version = 2 }); // another version with the same content

        _answers.Should().Equal(HttpStatusCode.NotModified);
        PayloadCodec.Encode(again).Should().Equal(PayloadCodec.Encode(Shared));
    }

    [Fact]
    public async Task What_another_process_downloaded_is_not_downloaded_again_unless_it_got_spoiled()
    {
        await using var host = await HttpHost.StartAsync(Identity.Certificate);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        await host.Device("anna", Watched(host, _folder)).DownloadAsync(Request);
        _answers.Clear();

        PayloadCodec.Encode(await host.Device("anna", Watched(host, _folder)).DownloadAsync(Request)).Should().Equal(PayloadCodec.Encode(Shared));
        _answers.Should().Equal(HttpStatusCode.NotModified);

        var file = Directory.EnumerateFiles(_folder).Should().ContainSingle().Subject;
        File.WriteAllBytes(file, [1, 2, 3]);
        PayloadCodec.Encode(await host.Device("anna", Watched(host, _folder)).DownloadAsync(Request)).Should().Equal(PayloadCodec.Encode(Shared));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".new")]
    public async Task A_folder_that_cannot_be_written_to_costs_a_download_and_not_the_device(string suffix)
    {
        var coordinator = new AnsweringCoordinator { OnDownload = (request, _) => Task.FromResult(Sample.Tensors(ChunkBytes, seed: (int)request.Version)) };
        await using var host = await HttpHost.StartAsync(Identity.Certificate);
        await using var serving = new Serving(host.Coordinator, coordinator);
        await host.Device("anna", Watched(host, _folder)).DownloadAsync(Request);
        var file = Directory.EnumerateFiles(_folder).Should().ContainSingle().Subject;
        File.Delete(file);
        Directory.CreateDirectory(file + suffix); // whoever opens a folder as a file is denied it, even who may do anything
        var device = host.Device("anna", Watched(host, _folder));

        foreach (var version in new[] { 1, 2, 3, 1 }) // of which two are kept
        {
            PayloadCodec.Encode(await device.DownloadAsync(Request with { Version = version })).Should().Equal(PayloadCodec.Encode(Sample.Tensors(ChunkBytes, version)));
        }

        _answers.Should().NotContain(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_folder_that_is_none_costs_downloads_and_not_the_device()
    {
        var folder = Path.Combine(_folder, "file");
        File.WriteAllText(folder, "");
        await using var host = await HttpHost.StartAsync(Identity.Certificate);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        await host.Device("anna", Watched(host, folder)).DownloadAsync(Request);
        _answers.Clear();
        var device = host.Device("anna", Watched(host, folder));

        await device.DownloadAsync(Request);
        _answers.Should().NotContain(HttpStatusCode.NotModified, "nothing was kept for another process");
        _answers.Clear();

        PayloadCodec.Encode(await device.DownloadAsync(Request)).Should().Equal(PayloadCodec.Encode(Shared));
        _answers.Should().Equal(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_range_that_did_not_get_through_is_fetched_again_alone()
    {
        await using var host = await HttpHost.StartAsync(Identity.Certificate);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        var requests = 0;
        var options = host.Impatient();
        options.ChunkBytes = ChunkBytes;
        options.Handler = inner => new Tap(inner, async (_, send) =>
        {
            var answer = await send();
            var number = Interlocked.Increment(ref requests);
            if (number % 3 == 2)
            {
                var body = await answer.Content.ReadAsByteArrayAsync();
                body[number] ^= 1;
                var headers = answer.Content.Headers;
                answer.Content = new ByteArrayContent(body);
                foreach (var header in headers)
                {
                    answer.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
                }
            }

            return answer;
        });

        var got = await host.Device("anna", options).DownloadAsync(Request);

        requests.Should().Be(16, "11 ranges, 5 of them damaged once");
        PayloadCodec.Encode(got).Should().Equal(PayloadCodec.Encode(Shared));
    }

    [Fact]
    public async Task Parameters_that_change_during_a_download_are_never_mixed()
    {
        var other = Sample.Tensors(10 * ChunkBytes, seed: 2);
        var calls = 0;
        var coordinator = new AnsweringCoordinator { OnDownload = (_, _) => Task.FromResult(Interlocked.Increment(ref calls) <= 5 ? Shared : other) };
        await using var host = await HttpHost.StartAsync(Identity.Certificate);
        await using var serving = new Serving(host.Coordinator, coordinator);

        var got = await host.Device("anna", Watched(host)).DownloadAsync(Request);

        PayloadCodec.Encode(got).Should().Equal(PayloadCodec.Encode(other));
    }

    [Fact]
    public async Task Parameters_beyond_the_devices_limits_are_refused_before_they_are_fetched()
    {
        await using var host = await HttpHost.StartAsync(Identity.Certificate);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        var options = Watched(host);
        options.Limits = PayloadLimits.Default with { MaxBytes = 2 * ChunkBytes };

        await host.Device("anna", options).Invoking(d => d.DownloadAsync(Request)).Should().ThrowAsync<PayloadException>().WithMessage("*at most 131072*");
        _answers.Should().ContainSingle();
    }

    [Fact]
    public async Task A_plain_get_without_a_range_brings_the_whole()
    {
        await using var host = await HttpHost.StartAsync(Identity.None);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var client = new HttpClient();
        var path = $"/comigs/v1/shared/{System.Buffers.Text.Base64Url.EncodeToString(PayloadCodec.Encode(Request))}";

        (await client.GetByteArrayAsync(new Uri(host.Address, path))).Should().Equal(PayloadCodec.Encode(Shared));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private HttpDeviceOptions Watched(HttpHost host, string? folder = null)
    {
        var options = host.Impatient();
        options.ChunkBytes = ChunkBytes;
        options.CacheFolder = folder;
        options.Handler = inner => new Tap(inner, async (_, send) =>
        {
            var answer = await send();
            lock (_answers)
            {
                _answers.Add(answer.StatusCode);
            }

            return answer;
        });
        return options;
    }
}
