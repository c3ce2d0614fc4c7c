using System.Net;
using CoMiGS.Transport.TestKit;

namespace CoMiGS.Transport.Http.Tests.Security;

/// <summary>Somebody who read a request sends it again.</summary>
public sealed class ReplayTests
{
    private readonly AnsweringCoordinator _coordinator = new();

    [Fact]
    public async Task A_request_counts_once_and_serves_for_no_other_request()
    {
        var time = new ShiftedTime();
        await using var host = await HttpHost.StartAsync(Identity.Token, time: time);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        var captured = new List<(HttpMethod Method, Uri Address, List<KeyValuePair<string, IEnumerable<string>>> Headers, byte[] Body)>();
        var options = host.Impatient();
        options.Handler = inner => new Tap(inner, async (request, send) =>
        {
            captured.Add((request.Method, request.RequestUri!, [.. request.Headers], request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync()));
            return await send();
        });
        await host.Device("anna", options).CheckInAsync(Sample.CheckIn("anna"));
        _coordinator.Heard.Should().HaveCount(1);

        (await SendAsync(host, captured[0].Address)).Should().Be(HttpStatusCode.BadRequest, "the proof was used before");
        (await SendAsync(host, new Uri(host.Address, "/comigs/v1/uploads/0/receipt"))).Should().Be(HttpStatusCode.Unauthorized, "the proof is for another address");
        time.Shift = TimeSpan.FromMinutes(3);
        (await SendAsync(host, captured[0].Address)).Should().Be(HttpStatusCode.Unauthorized, "the proof is too old by now");
        _coordinator.Heard.Should().HaveCount(1);

        async Task<HttpStatusCode> SendAsync(HttpHost target, Uri address)
        {
            using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
            using var attacker = new HttpClient(handler);
            using var request = new HttpRequestMessage(captured[0].Method, address) { Content = new ByteArrayContent(captured[0].Body) };
            foreach (var (name, values) in captured[0].Headers)
            {
                request.Headers.TryAddWithoutValidation(name, values);
            }

            using var response = await attacker.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_request_whose_body_was_exchanged_is_not_answered()
    {
        await using var host = await HttpHost.StartAsync(Identity.Token);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        var options = host.Impatient(retries: 0);
        options.Handler = inner => new Tap(inner, async (request, send) =>
        {
            var body = await request.Content!.ReadAsByteArrayAsync();
            body[^1] ^= 1;
            request.Content = new ByteArrayContent(body);
            return await send();
        });

        await host.Device("anna", options).Invoking(d => d.CheckInAsync(Sample.CheckIn("anna"))).Should().ThrowAsync<TransportException>().WithMessage("*400*");
        _coordinator.Heard.Should().BeEmpty();
    }
}
