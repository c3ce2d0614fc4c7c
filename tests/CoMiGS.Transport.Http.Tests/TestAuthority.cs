using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CoMiGS.Transport.Http.Tests;

/// <summary>A certificate authority that lives as long as a test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private static readonly DateTimeOffset Begin = TimeProvider.System.GetUtcNow().AddDays(-1);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestAuthority(string name = "test authority")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        Certificate = request.CreateSelfSigned(Begin, Begin.AddYears(1));
    }

    public X509Certificate2 Certificate { get; }

    public X509Certificate2 Server() => Issue("localhost", ServerAuthentication, TimeSpan.FromDays(30));

    public X509Certificate2 Client(string device, TimeSpan? lifetime = null, Uri? issuerAt = null) => Issue(device, ClientAuthentication, lifetime ?? TimeSpan.FromDays(30), issuerAt);

    /// <summary>A certificate for servers in the name of a device: not good for a client.</summary>
    public X509Certificate2 ForAnotherPurpose(string device) => Issue(device, ServerAuthentication, TimeSpan.FromDays(30));

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    /// <param name="name">The subject.</param>
    /// <param name="purpose">What it is good for.</param>
    /// <param name="lifetime">How long.</param>
    /// <param name="issuerAt">Where the certificate says that this authority's can be fetched.</param>
    private X509Certificate2 Issue(string name, string purpose, TimeSpan lifetime, Uri? issuerAt = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        if (issuerAt is not null)
        {
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(ocspUris: null, caIssuersUris: [issuerAt.AbsoluteUri]));
        }

        using var issued = request.Create(Certificate, Begin, Begin + lifetime, RandomNumberGenerator.GetBytes(8));
        using var whole = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }
}
