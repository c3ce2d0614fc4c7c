using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CoMiGS.Transport.Http.Security;
using CoMiGS.Transport.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CoMiGS.Transport.Http.Tests.Security;

/// <summary>Who is let in, over sockets with TLS.</summary>
public sealed class IdentityTests
{
    private readonly AnsweringCoordinator _coordinator = new();

    [Fact]
    public void A_device_does_not_even_try_an_address_without_tls()
    {
        var connect = () => new HttpDeviceTransport(new Uri("http://coordinator:5001"), new HttpDeviceOptions { AllowPlainHttpOnLoopback = true });

        connect.Should().Throw<ArgumentException>().WithMessage("The address is http://coordinator:5001/. Use https;*");
    }

    [Fact]
    public async Task A_coordinator_does_not_answer_without_tls_unless_told_to()
    {
        await using var host = await HttpHost.StartAsync(Identity.None, configure: o => o.AllowPlainHttpOnLoopback = false);
        await using var serving = new Serving(host.Coordinator, _coordinator);

        await RefusedAsync(host.Device("anna"), "*HTTPS only*");
    }

    [Fact]
    public async Task A_device_does_not_talk_to_a_coordinator_whose_certificate_nobody_vouches_for()
    {
        await using var host = await HttpHost.StartAsync(Identity.Token);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var other = new TestAuthority();
        var options = new HttpDeviceOptions { Retries = 0, Token = await host.EnrolAsync("anna") };
        options.ServerAuthorities.Add(other.Certificate);
        using var device = new HttpDeviceTransport(host.Address, options);

        var error = await device.Invoking(d => d.CheckInAsync(Sample.CheckIn("anna"))).Should().ThrowAsync<TransportException>();
        error.WithMessage("*certificate*ServerAuthorities*");
        _coordinator.Heard.Should().BeEmpty();
    }

    [Fact]
    public async Task A_device_shows_its_identity_to_nobody_that_it_is_redirected_to()
    {
        await using var host = await HttpHost.StartAsync(Identity.Certificate);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(host.Authority.Server())));
        await using var redirecting = builder.Build();
        redirecting.Run(context =>
        {
            context.Response.Redirect(new Uri(host.Address, context.Request.Path).ToString(), permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        await redirecting.StartAsync();
        host.Entrance = new Uri($"https://localhost:{new Uri(redirecting.Urls.Single()).Port}");

        await host.Device("anna", host.Impatient(retries: 0)).Invoking(d => d.CheckInAsync(Sample.CheckIn("anna"))).Should().ThrowAsync<TransportException>().WithMessage("*307*");

        _coordinator.Heard.Should().BeEmpty();
        await redirecting.StopAsync();
    }

    [Theory]
    [InlineData(Identity.Token)]
    [InlineData(Identity.Certificate)]
    public async Task A_device_without_an_identity_is_refused(Identity identity)
    {
        await using var host = await HttpHost.StartAsync(identity);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var device = new HttpDeviceTransport(host.Address, host.Impatient());

        await RefusedAsync(device, "*no client certificate and no token*");
    }

    [Fact]
    public async Task A_certificate_of_a_strange_authority_or_for_another_purpose_or_that_has_ended_is_refused()
    {
        var time = new ShiftedTime();
        await using var host = await HttpHost.StartAsync(Identity.Certificate, time: time);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var stranger = new TestAuthority();
        foreach (var certificate in new[] { stranger.Client("anna"), host.Authority.ForAnotherPurpose("anna"), host.Authority.Client("anna", TimeSpan.FromHours(1)) })
        {
            await RefusedAsync(host.Device("anna", With(host, o => o.ClientCertificate = certificate)), "*no client certificate*");
        }

        var device = host.Device("anna");
        await device.CheckInAsync(Sample.CheckIn("anna"));
        time.Shift = TimeSpan.FromDays(60);

        await RefusedAsync(device, "*no client certificate*", heard: 1);
    }

    [Fact]
    public async Task Nothing_that_a_strangers_certificate_names_is_fetched()
    {
        await using var host = await HttpHost.StartAsync(Identity.Certificate);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var stranger = new TestAuthority("stranger");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var named = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/issuer.cer");

        var refused = await CheckInAsync(host, stranger.Client("anna", issuerAt: named));

        refused.Should().Be(HttpStatusCode.Unauthorized);
        listener.Pending().Should().BeFalse("neither the handshake nor the coordinator goes where a stranger sends them");
        (await CheckInAsync(host, host.Authority.Client("anna", issuerAt: named))).Should().Be(HttpStatusCode.OK, "certificates that are shown like this do arrive");
    }

    [Fact]
    public async Task A_token_that_another_coordinator_signed_is_refused()
    {
        await using var host = await HttpHost.StartAsync(Identity.Token);
        await using var other = await HttpHost.StartAsync(Identity.Token);
        await using var serving = new Serving(host.Coordinator, _coordinator);

        using var token = await other.EnrolAsync("anna");

        await RefusedAsync(host.Device("anna", With(host, o => o.Token = token)), "*not this coordinator's*");
    }

    [Fact]
    public async Task A_stolen_token_is_worthless_without_its_key()
    {
        await using var host = await HttpHost.StartAsync(Identity.Token);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var anna = await host.EnrolAsync("anna");
        using var stolen = new DeviceToken(anna.Token, ECDsa.Create(ECCurve.NamedCurves.nistP256));

        await RefusedAsync(host.Device("anna", With(host, o => o.Token = stolen)), "*not signed with the key*");
    }

    [Fact]
    public async Task A_token_ends()
    {
        var time = new ShiftedTime();
        await using var host = await HttpHost.StartAsync(Identity.Token, time: time);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        var device = host.Device("anna");
        await device.CheckInAsync(Sample.CheckIn("anna"));

        time.Shift = TimeSpan.FromDays(365 + 8); // and a week in which it could have been renewed

        await RefusedAsync(device, "*has ended*", heard: 1);
    }

    [Theory]
    [InlineData(Identity.Token)]
    [InlineData(Identity.Certificate)]
    public async Task A_device_cannot_speak_for_another(Identity identity)
    {
        await using var host = await HttpHost.StartAsync(identity);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        var anna = host.Device("anna");

        (await anna.CheckInAsync(Sample.CheckIn("ben"))).Should().BeOfType<Refused>().Which.Code.Should().Be(RefusalCode.Identity);
        (await anna.UploadAsync(Sample.Update("ben", Sample.Tensors(64, 1)))).Code.Should().Be(RefusalCode.Identity);
        (await anna.Invoking(a => a.DownloadAsync(new DownloadRequest("run", "ben", 1))).Should().ThrowAsync<RefusedException>())
            .Which.Refusal.Reason.Should().Contain("ben").And.Contain("anna");
        _coordinator.Heard.Should().BeEmpty();
    }

    [Fact]
    public async Task A_device_whose_clock_is_an_hour_off_is_told_the_time_and_gets_through()
    {
        await using var host = await HttpHost.StartAsync(Identity.Token);
        await using var serving = new Serving(host.Coordinator, _coordinator);
        using var token = await host.EnrolAsync("anna");
        using var device = new HttpDeviceTransport(host.Address, With(host, o => o.Token = token), new ShiftedTime { Shift = TimeSpan.FromHours(1) });

        (await device.CheckInAsync(Sample.CheckIn("anna"))).Should().BeOfType<RunFinished>();
    }

    [Fact]
    public void A_coordinator_that_could_let_nobody_in_says_so_with_all_that_is_wrong()
    {
        var make = () => new HttpCoordinatorTransport(new HttpCoordinatorOptions { ChunkBytes = 1, UpdatesInMemory = 0 });

        make.Should().Throw<ArgumentException>().WithMessage("No device could be let in.*ChunkBytes is 1. Use a multiple of 16384, up to 1048576.*UpdatesInMemory is 0. Use 1 or more.*");
    }

    /// <summary>Checks in with a certificate, whose issuer the sender itself does not look for.</summary>
    private static async Task<HttpStatusCode> CheckInAsync(HttpHost host, X509Certificate2 certificate)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions =
            {
                ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            },
        }) { BaseAddress = host.Address };
        var question = PayloadCodec.Encode(Sample.CheckIn("anna"));
        using var content = new ByteArrayContent(question);
        content.Headers.TryAddWithoutValidation("Content-Digest", $"sha-256=:{Convert.ToBase64String(SHA256.HashData(question))}:");
        using var answer = await client.PostAsync("/comigs/v1/check-in", content);
        return answer.StatusCode;
    }

    private static HttpDeviceOptions With(HttpHost host, Action<HttpDeviceOptions> set)
    {
        var options = host.Impatient();
        set(options);
        return options;
    }

    private async Task RefusedAsync(IDeviceTransport device, string reason, int heard = 0)
    {
        var refused = (await device.CheckInAsync(Sample.CheckIn("anna"))).Should().BeOfType<Refused>().Subject;

        refused.Code.Should().Be(RefusalCode.Identity);
        refused.Reason.Should().Match(reason);
        _coordinator.Heard.Should().HaveCount(heard);
    }
}
