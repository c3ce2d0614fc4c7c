using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CoMiGS.Demo;
using CoMiGS.Demo.CommandLine;
using CoMiGS.Observability.Health;
using CoMiGS.Observability.Page;
using CoMiGS.Storage.Sqlite;
using CoMiGS.Telemetry;
using CoMiGS.Transport.Http;
using CoMiGS.Transport.Http.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace CoMiGS.CoordinatorHost;

/// <summary>A coordinator in an ASP.NET Core host. What it must not forget lies in its folder, so it may be stopped, or killed, and started again at any time.</summary>
public static class CoordinatorProgram
{
    private const string Store = "runs.db";
    private const string Registry = "devices.registry";
    private const string History = "rounds.jsonl";

    /// <summary>Leads the run until it is stopped.</summary>
    /// <param name="settings">What the command line asked for.</param>
    /// <param name="stop">Stops it; devices wait until it is back.</param>
    /// <exception cref="DemoException">An option or a file has to be put right.</exception>
    public static async Task RunAsync(CoordinatorSettings settings, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(settings);
        using var telemetry = TelemetryExport.FromEnvironment("comigs-coordinator", settings.Run);
        using var tokenKey = TokenKey.Open(settings.Folder);
        using var registry = OpenRegistry(settings);
        var app = Build(settings, tokenKey, registry);
        await using var disposal = app.ConfigureAwait(false);
        await app.StartAsync(stop).ConfigureAwait(false);
        await app.WaitForShutdownAsync(stop).ConfigureAwait(false);
    }

    /// <summary>Makes a code for a device.</summary>
    /// <param name="settings">Whose registry.</param>
    /// <param name="device">The device's name.</param>
    /// <param name="lifetime">How long the code is good.</param>
    /// <param name="output">Where the code is written to.</param>
    /// <exception cref="DemoException">The folder or the name cannot be used.</exception>
    public static async Task InviteAsync(CoordinatorSettings settings, string device, TimeSpan lifetime, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(settings);
        using var registry = OpenRegistry(settings);
        await output.WriteLineAsync(registry.IssueCode(device, TimeProvider.System.GetUtcNow() + lifetime)).ConfigureAwait(false);
    }

    private static DeviceRegistry OpenRegistry(CoordinatorSettings settings) =>
        InputFile.Read("--folder", settings.Folder, "a folder that can be written to", _ => new DeviceRegistry(settings.PathOf(Registry)));

    private static WebApplication Build(CoordinatorSettings settings, ECDsa tokenKey, DeviceRegistry registry)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = Path.GetFullPath(settings.Folder) });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services
            .PostConfigure<ConsoleLoggerOptions>(console => console.FormatterName ??= ConsoleFormatterNames.Simple) // the default formatter, unnamed, would not look at its options
            .Configure<SimpleConsoleFormatterOptions>(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
        builder.WebHost.UseUrls(settings.Listen).ConfigureKestrel(kestrel => kestrel.UseCoMiGSLimits());
        UseCertificate(builder, settings);
        var authorities = settings.Authority is { } authority ? InputFile.Read("--authority", authority, "a file of certificates in PEM", Certificates) : [];
        builder.Services.AddCoMiGS().AddCoordinator(coordinator => coordinator
            .UseSqlite(settings.PathOf(Store))
            .UseAggregation(aggregation => _ = settings.WeightBySamples ? aggregation.WeightedMean() : aggregation.UniformMean())
            .SendAs(settings.Payload)
            .UseRounds(rounds =>
            {
                rounds.Run = settings.Run;
                rounds.Count = settings.Rounds;
                rounds.LocalSteps = settings.Steps;
                rounds.ExpectedDevices = settings.Devices;
                rounds.MinimumDevices = settings.Quorum ?? settings.Devices;
                rounds.Deadline = settings.DeadlineSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
                rounds.InitialSeed = settings.Seed;
            })
            .UseTransport(transport => transport.Http(http =>
            {
                http.TokenKey = tokenKey;
                http.Registry = registry;
                http.ClientAuthorities.AddRange(authorities);
            })));
        builder.Services.AddHealthChecks().AddCoMiGSCoordinator();
        return Serve(builder.Build(), settings);
    }

    /// <summary>Kestrel reads the files itself, as it does with the settings of any ASP.NET Core host.</summary>
    private static void UseCertificate(WebApplicationBuilder builder, CoordinatorSettings settings)
    {
        InputFile.Read("--certificate, --key", settings.Certificate, "a certificate in PEM, and its private key in --key", path => X509Certificate2.CreateFromPemFile(path, settings.Key)).Dispose();
        builder.Configuration["Kestrel:Certificates:Default:Path"] = Path.GetFullPath(settings.Certificate);
        builder.Configuration["Kestrel:Certificates:Default:KeyPath"] = Path.GetFullPath(settings.Key);
    }

    private static X509Certificate2Collection Certificates(string path)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(path);
        return certificates.Count > 0 ? certificates : throw new CryptographicException("it holds no certificate.");
    }

    private static WebApplication Serve(WebApplication app, CoordinatorSettings settings)
    {
        try
        {
            app.MapCoMiGSCoordinator();
            app.MapCoMiGSLivePage(page => (page.AllowAnyone, page.HistoryFile) = (settings.PublicPage, settings.PathOf(History)));
            app.MapCoMiGSHealth();
            return app;
        }
        catch (Exception wrong) when (wrong is OptionsValidationException or ArgumentException or InvalidOperationException)
        {
            throw new DemoException(wrong.Message, wrong); // options that contradict each other, or the run that lies in the store
        }
    }
}
