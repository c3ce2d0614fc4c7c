using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using CoMiGS.Transport.TestKit;

namespace CoMiGS.Transport.Http.Tests;

public sealed class VersionTests
{
    private const int MajorAt = 4;

    [Fact]
    public async Task A_coordinator_refuses_a_newer_major_version_by_name()
    {
        var coordinator = new AnsweringCoordinator();
        await using var host = await HttpHost.StartAsync(Identity.None);
        await using var serving = new Serving(host.Coordinator, coordinator);
        var payload = PayloadCodec.Encode(Sample.CheckIn("anna"));
        payload[MajorAt] = 9;
        using var client = new HttpClient();
        using var content = new ByteArrayContent(payload);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, "/comigs/v1/check-in")) { Content = content };
        request.Headers.Add("Content-Digest", $"sha-256=:{Convert.ToBase64String(SHA256.HashData(payload))}:");

        using var answer = await client.SendAsync(request);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        var refused = (Refused)PayloadCodec.DecodeCheckInReply(await answer.Content.ReadAsByteArrayAsync());
        refused.Code.Should().Be(RefusalCode.Malformed);
        refused.Reason.Should().Contain("version 9.").And.Contain("reads version 1");
        coordinator.Heard.Should().BeEmpty();
    }

    [Fact]
    public async Task A_device_refuses_a_newer_major_version_by_name()
    {
        await using var host = await HttpHost.StartAsync(Identity.None);
        await using var serving = new Serving(host.Coordinator, new AnsweringCoordinator());
        var options = host.Impatient();
        options.Handler = inner => new Tap(inner, async (_, send) =>
        {
            var answer = await send();
            var payload = await answer.Content.ReadAsByteArrayAsync();
            payload[MajorAt] = 9;
            answer.Content = new ByteArrayContent(payload) { Headers = { ContentType = new MediaTypeHeaderValue("application/vnd.comigs.payload") } };
            answer.Headers.Remove("Content-Digest");
            answer.Headers.TryAddWithoutValidation("Content-Digest", $"sha-256=:{Convert.ToBase64String(SHA256.HashData(payload))}:");
            return answer;
        });

        await host.Device("anna", options).Invoking(d => d.CheckInAsync(Sample.CheckIn("anna"))).Should().ThrowAsync<PayloadException>().WithMessage("*version 9.*reads version 1*");
    }

    [Fact]
    public async Task A_check_in_of_a_hundred_thousand_tensors_is_refused_before_memory_is_taken()
    {
        await using var host = await HttpHost.StartAsync(Identity.None);
        await using var serving = new Serving(host.Coordinator, new AnsweringCoordinator());
        var shared = Enumerable.Range(0, 100_000).Select(i => new TensorSpec($"{i}", TensorType.Float32, [1])).ToList();
        var options = host.Impatient();
        options.Limits = PayloadLimits.Default with { MaxTensors = 100_000 };

        var answer = await host.Device("anna", options).CheckInAsync(Sample.CheckIn("anna") with { Shared = shared });

        answer.Should().BeOfType<Refused>().Which.Reason.Should().Contain("100000 tensors; at most 16384");
    }
}
