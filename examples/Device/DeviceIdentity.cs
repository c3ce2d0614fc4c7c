using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CoMiGS.Demo;
using CoMiGS.Demo.CommandLine;
using CoMiGS.Transport;
using CoMiGS.Transport.Http;
using CoMiGS.Transport.Http.Security;
using Microsoft.Extensions.Logging;

namespace CoMiGS.DeviceHost;

/// <summary>What the device proves itself with: a certificate, or a token that it got for its code and keeps.</summary>
internal sealed class DeviceIdentity(DeviceSettings settings) : IDisposable
{
    private const string TokenFile = "device.token";
    private readonly X509Certificate2? _certificate = Certificate(settings);
    private readonly X509Certificate2Collection _authorities = Authorities(settings);
    private DeviceToken? _token;

    /// <summary>Makes sure that there is an identity, and enrols where there is none yet.</summary>
    /// <exception cref="DemoException">There is none, and no code to get one with; or the code is no good.</exception>
    public async Task ProveAsync(ILogger log, CancellationToken stop)
    {
        if (_certificate is not null)
        {
            return;
        }

        var file = settings.PathOf(TokenFile);
        if (File.Exists(file))
        {
            _token = InputFile.Read("--folder", file, "a folder with a good token, or delete this one and enrol again", DeviceToken.Load);
            return;
        }

        _token = await EnrolAsync(settings.Code ?? throw new DemoException($"The device has neither a --certificate nor a token in '{file}'. Enrol it with --code: the coordinator's 'invite {settings.Name}' makes one."), log, stop).ConfigureAwait(false);
        _token.Save(file);
        log.Enrolled(settings.Name, _token.Expires);
    }

    /// <summary>Puts the identity into the options of the transport.</summary>
    public void Configure(HttpDeviceOptions http)
    {
        http.ClientCertificate = _certificate;
        http.Token = _token;
        http.ServerAuthorities.AddRange(_authorities);
        http.CacheFolder = settings.PathOf("cache");
        http.Retries = 5;
        http.LongestRetry = TimeSpan.FromSeconds(5);
    }

    public void Dispose()
    {
        _certificate?.Dispose();
        _token?.Dispose();
    }

    private async Task<DeviceToken> EnrolAsync(string code, ILogger log, CancellationToken stop)
    {
        var http = new HttpDeviceOptions();
        Configure(http);
        try
        {
            return await Patience.UntilItGetsThroughAsync(() => DeviceEnrolment.EnrolAsync(new Uri(settings.Coordinator), code, http, cancellationToken: stop), settings.Name, log).ConfigureAwait(false);
        }
        catch (RefusedException refused)
        {
            throw new DemoException($"--code: {refused.Message} The coordinator's 'invite {settings.Name}' makes one.", refused);
        }
    }

    private static X509Certificate2? Certificate(DeviceSettings settings) => settings.Certificate is not { } certificate
        ? null
        : InputFile.Read("--certificate, --key", certificate, "a certificate in PEM, and its private key in --key", path =>
        {
            using var parts = X509Certificate2.CreateFromPemFile(path, settings.Key);
            return X509CertificateLoader.LoadPkcs12(parts.Export(X509ContentType.Pkcs12), null); // TLS on Windows takes no key that is in memory alone
        });

    private static X509Certificate2Collection Authorities(DeviceSettings settings) => settings.Authority is not { } authority
        ? []
        : InputFile.Read("--authority", authority, "a file of certificates in PEM", path =>
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(path);
            return certificates.Count > 0 ? certificates : throw new CryptographicException("it holds no certificate.");
        });
}
