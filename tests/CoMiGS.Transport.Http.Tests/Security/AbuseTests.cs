using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using CoMiGS.Transport.TestKit;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CoMiGS.Transport.Http.Tests.Security;

/// <summary>Devices and strangers that ask for too much, too often, or too slowly.</summary>
public sealed class AbuseTests
{
    private const string Upload = "/comigs/v1/uploads/" + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private readonly AnsweringCoordinator _coordinator = new();

    [Fact]
    public async Task A_device_that_calls_too_often_waits_and_the_others_do_not()
    {
        await using var host = await HttpHost.StartAsync(Identity.Certificate, configure: o => o.RequestsPerSecond = 2, time: new ShiftedTime(frozen: true));
        await using var serving = new Serving(host.Coordinator, _coordinator);
        var anna = host.Device("anna", host.Impatient(retries: 0));
        for (var call = 0; call < 4; call++) // twice a second's worth at once
        {
            await anna.CheckInAsync(Sample.CheckIn("anna"));
        }

        await anna.Invoking(a => a.CheckInAsync(Sample.CheckIn("anna"))).Should().ThrowAsync<TransportException>().WithMessage("*429*more than 2 requests a second*");
        (await host.Device("ben").CheckInAsync(Sample.CheckIn("ben"))).Should().BeOfType<RunFinished>();
    }

    [Fact]
    public async Task An_address_that_fails_to_prove_itself_again_and_again_is_not_listened_to()
    {
        await using var host = await HttpHost.StartAsync(Identity.Token, configure: o => o.StrangersPerSecond = 1, time: new ShiftedTime(frozen: true));
        using var device = new HttpDeviceTransport(host.Address, host.Impatient(retries: 0));
        for (var call = 0; call < 2; call++)
        {
            (await device.CheckInAsync(Sample.CheckIn("anna"))).Should().BeOfType<Refused>();
        }

        await device.Invoking(d => d.CheckInAsync(Sample.CheckIn("anna"))).Should().ThrowAsync<TransportException>().WithMessage("*429*without a valid identity*");
    }

    [Fact]
    public async Task Ten_gigabytes_are_refused_when_they_are_declared()
    {
        await using var host = await HttpHost.StartAsync(Identity.None);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var client = new HttpClient { BaseAddress = host.Address };

        using var response = await client.PostAsync($"{Upload}?bytes={10L << 30}", new ByteArrayContent([]));

        response.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        ((Refused)PayloadCodec.DecodeCheckInReply(await response.Content.ReadAsByteArrayAsync())).Reason.Should().Contain("10737418240").And.Contain("268435456");
    }

    [Theory]
    [InlineData("?bytes=0")]
    [InlineData("?bytes=-1")]
    [InlineData("?bytes=x")]
    [InlineData("")]
    public async Task An_upload_of_no_size_is_refused(string query)
    {
        await using var host = await HttpHost.StartAsync(Identity.None);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var client = new HttpClient { BaseAddress = host.Address };

        using var response = await client.PostAsync(Upload + query, new ByteArrayContent([]));

        response.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task More_uploads_than_the_disk_has_room_for_are_put_off()
    {
        await using var host = await HttpHost.StartAsync(Identity.None, PayloadLimits.Default with { MaxBytes = 1 << 20 }, o => o.UploadBytesOnDisk = 3 << 20);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var client = new HttpClient { BaseAddress = host.Address };
        var statuses = new List<HttpStatusCode>();
        for (var number = 0; number < 4; number++)
        {
            using var response = await client.PostAsync($"{Upload[..^1]}{number}?bytes={1 << 20}", new ByteArrayContent([]));
            statuses.Add(response.StatusCode);
        }

        statuses.Should().Equal(HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task An_upload_that_nobody_goes_on_with_makes_room()
    {
        var time = new ShiftedTime(frozen: true);
        await using var host = await HttpHost.StartAsync(Identity.None, PayloadLimits.Default with { MaxBytes = 1 << 20 }, o => o.UploadBytesOnDisk = 1 << 20, time);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var client = new HttpClient { BaseAddress = host.Address };
        (await client.PostAsync($"{Upload[..^1]}0?bytes={1 << 20}", new ByteArrayContent([]))).StatusCode.Should().Be(HttpStatusCode.OK);

        time.Shift = TimeSpan.FromMinutes(11);

        (await client.PostAsync($"{Upload[..^1]}1?bytes={1 << 20}", new ByteArrayContent([]))).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_upload_that_nobody_goes_on_with_is_dropped_though_nobody_comes_any_more()
    {
        var time = new ShiftedTime(frozen: true);
        await using var host = await HttpHost.StartAsync(Identity.None, time: time);
        await using (new Serving(host.Coordinator, _coordinator))
        {
            using var client = new HttpClient { BaseAddress = host.Address };
            (await client.PostAsync($"{Upload}?bytes=10", new ByteArrayContent([]))).StatusCode.Should().Be(HttpStatusCode.OK);
            time.Shift = TimeSpan.FromMinutes(5);
            (await client.PostAsync($"{Upload}/receipt", new ByteArrayContent([]))).StatusCode.Should().Be(HttpStatusCode.Conflict, "it is there, and chunks are missing");

            time.Shift = TimeSpan.FromMinutes(16);

            (await client.PostAsync($"{Upload}/receipt", new ByteArrayContent([]))).StatusCode.Should().Be(HttpStatusCode.NotFound);
            time.Timers.Should().ContainSingle();
        }

        time.Timers.Should().BeEmpty("with the coordinator nobody looks any more");
    }

    [Fact]
    public async Task A_device_cannot_add_to_the_upload_of_another()
    {
        await using var host = await HttpHost.StartAsync(Identity.Certificate);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var anna = Client(host, "anna");
        using var ben = Client(host, "ben");
        (await anna.PostAsync($"{Upload}?bytes=10", new ByteArrayContent([]))).StatusCode.Should().Be(HttpStatusCode.OK);

        (await ben.PutAsync($"{Upload}/0", new ByteArrayContent(new byte[10]))).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await ben.PostAsync($"{Upload}/receipt", new ByteArrayContent([]))).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Headers_that_are_too_long_or_too_many_end_the_request()
    {
        await using var host = await HttpHost.StartAsync(Identity.None);

        (await RawAsync(host, $"GET / HTTP/1.1\r\nHost: localhost\r\nLong: {new string('x', 20_000)}\r\n\r\n")).Should().StartWith("HTTP/1.1 431");
        (await RawAsync(host, $"GET / HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 60).Select(i => $"H{i}: x\r\n"))}\r\n")).Should().StartWith("HTTP/1.1 431");
    }

    [Theory]
    [InlineData("-1\r\n", "HTTP/1.1 400")]
    [InlineData("99999999999\r\n", "HTTP/1.1 413")]
    public async Task A_body_that_declares_too_much_is_refused_unread(string length, string answer)
    {
        await using var host = await HttpHost.StartAsync(Identity.None);
        await using var serving = new Serving(host.Coordinator, _coordinator);

        (await RawAsync(host, $"POST /comigs/v1/check-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n")).Should().StartWith(answer);
    }

    [Fact]
    public async Task A_body_without_a_length_is_refused()
    {
        await using var host = await HttpHost.StartAsync(Identity.None);
        await using var serving = new Serving(host.Coordinator, _coordinator);

        (await RawAsync(host, "POST /comigs/v1/check-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")).Should().StartWith("HTTP/1.1 411");
    }

    [Theory]
    [InlineData("GET /comigs/v1/check-in HTTP/1.1\r\nHost: local")]
    [InlineData("POST /comigs/v1/check-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nCMGS")]
    public async Task A_sender_that_is_too_slow_is_cut_off(string beginning)
    {
        await using var host = await HttpHost.StartAsync(Identity.Token, patience: TimeSpan.FromSeconds(2), configure: o => (o.TokenKey, o.AllowUnknownDevices) = (null, true));
        await using var serving = new Serving(host.Coordinator, _coordinator);
        await using var tls = await ConnectedAsync(host);
        await tls.WriteAsync(Encoding.ASCII.GetBytes(beginning));

        var answer = await ReadAsync(tls).WaitAsync(TimeSpan.FromSeconds(30));

        answer.Should().Match(text => text.Length == 0 || text.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), "the connection ends without an answer, or with that one");
        _coordinator.Heard.Should().BeEmpty();
    }

    [Fact]
    public async Task A_handshake_that_does_not_go_on_is_cut_off()
    {
        await using var host = await HttpHost.StartAsync(Identity.Certificate, patience: TimeSpan.FromSeconds(2));
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, host.Address.Port);
        await socket.GetStream().WriteAsync(new byte[] { 0x16, 0x03, 0x01 }); // a TLS record begins

        (await ReadAsync(socket.GetStream()).WaitAsync(TimeSpan.FromSeconds(30))).Should().BeEmpty();
    }

    [Fact]
    public void Kestrel_is_told_the_least_rates_for_bodies_and_answers_and_how_many_connections_there_may_be()
    {
        var kestrel = new KestrelServerOptions();

        kestrel.UseCoMiGSLimits(TimeSpan.FromSeconds(3));

        kestrel.Limits.MinResponseDataRate.Should().BeEquivalentTo(new { BytesPerSecond = 1024.0, GracePeriod = TimeSpan.FromSeconds(3) });
        kestrel.Limits.MinRequestBodyDataRate.Should().BeEquivalentTo(new { BytesPerSecond = 1024.0, GracePeriod = TimeSpan.FromSeconds(3) });
        kestrel.Limits.MaxConcurrentConnections.Should().Be(5000);
    }

    private static HttpClient Client(HttpHost host, string device) => new(new SocketsHttpHandler
    {
        SslOptions = { ClientCertificates = [host.Authority.Client(device)], RemoteCertificateValidationCallback = (_, _, _, _) => true },
    }) { BaseAddress = host.Address };

    /// <summary>A connection that stands; a busy machine may be too slow for the patience that a handshake is given, too.</summary>
    private static async Task<SslStream> ConnectedAsync(HttpHost host)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, host.Address.Port, patience.Token);
            var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), false, (_, _, _, _) => true);
            try
            {
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, patience.Token);
                return tls;
            }
            catch (Exception e) when (e is IOException or AuthenticationException)
            {
                await tls.DisposeAsync();
            }
        }
    }

    private static async Task<string> RawAsync(HttpHost host, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, host.Address.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        return await ReadAsync(socket.GetStream()).WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        var buffer = new byte[4096];
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
        }
        catch (IOException)
        {
            return ""; // reset: cut off as well
        }
    }
}
