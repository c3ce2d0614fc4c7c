using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CoMiGS.Transport.Http.Security;

/// <summary>Whether a client certificate comes from an authority of ours, and whom it names.</summary>
internal sealed class CertificateCheck(X509Certificate2Collection authorities, TimeProvider time)
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    // A connection shows one certificate object for all of its requests: its chain is built once.
    private readonly ConditionalWeakTable<X509Certificate2, Holder> _known = [];

    /// <returns>The device's name and the certificate's thumbprint; null if it is not to be trusted now.</returns>
    public (string Device, string Thumbprint)? Read(X509Certificate2 certificate)
    {
        var holder = _known.GetValue(certificate, Check);
        var now = time.GetUtcNow();
        return holder.Device is { Length: > 0 } device && now >= certificate.NotBefore && now <= certificate.NotAfter ? (device, holder.Thumbprint) : null;
    }

    private Holder Check(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // the registry revokes
        chain.ChainPolicy.DisableCertificateDownloads = true; // whoever shows a certificate would choose the address
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        return new Holder(
            chain.Build(certificate) ? certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) : null,
            certificate.GetCertHashString(HashAlgorithmName.SHA256));
    }

    private sealed record Holder(string? Device, string Thumbprint);
}
