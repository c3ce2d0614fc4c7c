using System.Security.Cryptography.X509Certificates;
using CoMiGS.Transport.Http.Wire;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CoMiGS.Transport.Http;

/// <summary>What Kestrel is to hold every connection to, before anybody looks at who calls.</summary>
public static class KestrelLimits
{
    private const int LongestHeaders = 16 << 10;
    private const int LongestLine = 8 << 10;
    private const int MostHeaders = 40;
    private const double SlowestBytesPerSecond = 1024;
    private const int MostConnections = 5000;
    private const int MostStreams = 16;

    /// <summary>
    /// Small headers, bodies of a chunk at most, time-outs for whoever sends or reads too slowly, no more connections than memory allows, and TLS that
    /// asks for a client certificate without insisting: the coordinator itself decides whether it is good, and fetches nothing that one names.
    /// </summary>
    /// <remarks>For HTTP/1.1 and HTTP/2. Over HTTP/3 Kestrel cannot be kept from fetching, and does not start with these limits.</remarks>
    /// <param name="kestrel">The web server.</param>
    /// <param name="patience">How long a sender may take for its headers, and to get to a decent rate.</param>
    public static void UseCoMiGSLimits(this KestrelServerOptions kestrel, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        var grace = patience ?? TimeSpan.FromSeconds(10);
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestHeadersTotalSize = LongestHeaders;
        limits.MaxRequestLineSize = LongestLine;
        limits.MaxRequestHeaderCount = MostHeaders;
        limits.MaxRequestBodySize = Chunks.LargestSize;
        limits.MaxConcurrentConnections = MostConnections;
        limits.RequestHeadersTimeout = grace;
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.MinRequestBodyDataRate = new MinDataRate(SlowestBytesPerSecond, grace);
        limits.MinResponseDataRate = new MinDataRate(SlowestBytesPerSecond, grace);
        limits.Http2.MaxStreamsPerConnection = MostStreams;
        kestrel.ConfigureHttpsDefaults(https =>
        {
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
            https.HandshakeTimeout = grace;
            https.OnAuthenticate = (_, tls) => tls.CertificateChainPolicy = new X509ChainPolicy // one for each: the handshake adds to it
            {
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true, // a chain is built of whatever certificate a stranger shows
            };
        });
    }
}
