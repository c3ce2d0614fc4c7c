using System.Globalization;
using CoMiGS.Data;
using CoMiGS.Federation;
using CoMiGS.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CoMiGS.Transport.Http.Tests;

/// <summary>The library's coordinator leads real training over sockets with TLS, composed as a host composes it.</summary>
public sealed class FederationTests
{
    private const int Rounds = 3;
    private static readonly string[] Names = ["anna", "ben", "chloé", "デイ"];

    [Fact]
    public async Task Four_devices_over_https_end_with_the_very_adapters_of_four_devices_in_memory()
    {
        var inMemory = await InMemoryAsync();
        using var authority = new TestAuthority();
        await using var app = Host(authority);
        await app.StartAsync();
        var port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        await using var devices = Devices((device, name) => device.UseTransport(t => t.Http($"https://localhost:{port}", o =>
        {
            o.ClientCertificate = authority.Client(name);
            o.ServerAuthorities.Add(authority.Certificate);
        })));

        await Task.WhenAll(Resolve(devices).Select(device => Task.Run(() => device.RunAsync()))).WaitAsync(TimeSpan.FromMinutes(2));

        Adapters(devices).Should().Equal(inMemory);
        inMemory.Should().Contain(values => values.Contains("Generalist", StringComparison.Ordinal));
        (await app.Services.GetRequiredService<Coordinator>().Finished).Should().Be(new RunFinished(Rounds, Rounds));
        await app.StopAsync();
    }

    [Fact]
    public async Task A_device_that_no_authority_of_the_run_signed_for_cannot_take_part()
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority();
        await using var app = Host(authority);
        await app.StartAsync();
        var port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        await using var devices = Devices((device, name) => device.UseTransport(t => t.Http($"https://localhost:{port}", o =>
        {
            o.ClientCertificate = stranger.Client(name);
            o.ServerAuthorities.Add(authority.Certificate);
        })));

        var run = () => Resolve(devices)[0].RunAsync();

        (await run.Should().ThrowAsync<FederationException>()).WithMessage("*'anna'*Identity*certificate*");
        await app.StopAsync();
    }

    private static WebApplication Host(TestAuthority authority)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseCoMiGSLimits();
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(authority.Server()));
        });
        builder.Services.AddCoMiGS().AddCoordinator(c => Lead(c).UseTransport(t => t.Http(o => o.ClientAuthorities.Add(authority.Certificate))));
        var app = builder.Build();
        app.MapCoMiGSCoordinator();
        return app;
    }

    private static async Task<List<string>> InMemoryAsync()
    {
        var services = new ServiceCollection();
        var composed = services.AddCoMiGS().AddCoordinator(c => Lead(c).UseTransport(t => t.InMemory()));
        foreach (var name in Names)
        {
            composed.AddDevice(name, device => Compose(device, name).UseTransport(t => t.InMemory()));
        }

        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<InProcessFederation>().RunAsync();
        return Adapters(provider);
    }

    private static ServiceProvider Devices(Action<DeviceBuilder, string> transport)
    {
        var services = new ServiceCollection();
        var composed = services.AddCoMiGS();
        foreach (var name in Names)
        {
            composed.AddDevice(name, device => transport(Compose(device, name), name));
        }

        return services.BuildServiceProvider();
    }

    private static CoordinatorBuilder Lead(CoordinatorBuilder coordinator) => coordinator
        .UseAggregation(a => a.WeightedMean())
        .UseRounds(r => (r.Count, r.MinimumDevices, r.LocalSteps) = (Rounds, Names.Length, 2));

    private static DeviceBuilder Compose(DeviceBuilder device, string name) => device
        .UseModel(_ => new Gpt(new GptOptions { VocabularySize = 256, BlockSize = 16, Layers = 2, Heads = 2, Width = 16, Seed = 7 }))
        .UseExperts(e => e.Generalists(1).Specialists(1).Rank(2).Seed(name.Length))
        .UseBilevelTraining(t => (t.Window, t.BatchSize, t.RouterEvery, t.RouterSteps, t.Seed) = (16, 2, 2, 1, name.Length))
        .UseData(_ => new DeviceData(TextBytes.From($"What {name} writes while it trains. ", "train"), TextBytes.From($"What {name} writes to choose by. ", "valid")));

    private static List<CoMiGSDevice> Resolve(ServiceProvider provider) => [.. Names.Select(name => provider.GetRequiredKeyedService<CoMiGSDevice>(name))];

    private static List<string> Adapters(ServiceProvider provider) =>
    [
        .. from device in Resolve(provider)
           from parameter in device.Model.Parameters
           select $"{device.Name} {parameter.Role} {parameter.Name} {string.Join(' ', parameter.Value.detach().data<float>().ToArray().Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}",
    ];
}
