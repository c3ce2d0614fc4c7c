using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CoMiGS.Demo.CommandLine;

namespace CoMiGS.FederationTrial.Preparation;

/// <summary>A certificate authority for one run: signs the certificate of the coordinator and those of devices, and forgets its key.</summary>
internal sealed class Authority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const int GoodForDays = 30;
    private const int SerialBytes = 16;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;
    private readonly DateTimeOffset _begin;

    public Authority(TimeProvider time)
    {
        _begin = time.GetUtcNow().AddHours(-1); // the clocks of several hosts differ
        var request = new CertificateRequest("CN=CoMiGS run", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        _certificate = request.CreateSelfSigned(_begin, _begin.AddDays(GoodForDays));
    }

    /// <summary>Writes the authority's certificate, which others check signatures with.</summary>
    public void Write(string file) => File.WriteAllText(file, _certificate.ExportCertificatePem());

    /// <summary>Writes a certificate for a coordinator, and its key.</summary>
    /// <param name="host">The name or address that devices call.</param>
    /// <param name="file">Where the certificate goes.</param>
    /// <param name="keyFile">Where the key goes.</param>
    public void IssueServer(string host, string file, string keyFile)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        Issue(host, ServerAuthentication, names.Build(), file, keyFile);
    }

    /// <summary>Writes a certificate for a device, and its key.</summary>
    /// <param name="device">The device's name.</param>
    /// <param name="file">Where the certificate goes.</param>
    /// <param name="keyFile">Where the key goes.</param>
    public void IssueDevice(string device, string file, string keyFile) => Issue(device, ClientAuthentication, null, file, keyFile);

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private void Issue(string name, string purpose, X509Extension? alternativeNames, string file, string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: true));
        if (alternativeNames is not null)
        {
            request.CertificateExtensions.Add(alternativeNames);
        }

        using var issued = request.Create(_certificate, _begin, _certificate.NotAfter, RandomNumberGenerator.GetBytes(SerialBytes));
        File.WriteAllText(file, issued.ExportCertificatePem());
        PrivateFile.Write(keyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
