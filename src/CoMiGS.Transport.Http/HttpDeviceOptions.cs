using System.Net;
using System.Security.Cryptography.X509Certificates;
using CoMiGS.Transport.Http.Security;
using CoMiGS.Transport.Http.Wire;

namespace CoMiGS.Transport.Http;

/// <summary>How a device reaches its coordinator over HTTPS, and who it is.</summary>
public sealed class HttpDeviceOptions
{
    /// <summary>The token that the device got when it enrolled.</summary>
    /// <value>Default: null.</value>
    public DeviceToken? Token { get; set; }

    /// <summary>The device's certificate with its private key; the subject's common name is the device's name.</summary>
    /// <value>Default: null.</value>
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>Who signs the coordinator's certificate, if not one of the system's authorities.</summary>
    /// <value>Default: nobody, which means the system's authorities.</value>
    public X509Certificate2Collection ServerAuthorities { get; } = [];

    /// <summary>Allows an address with <c>http</c> if it leads to this very machine. For trials.</summary>
    /// <value>Default: false.</value>
    public bool AllowPlainHttpOnLoopback { get; set; }

    /// <summary>The version of HTTP to ask for; a lower one if the coordinator, or a proxy in between, has no higher.</summary>
    /// <value>Default: 2.0.</value>
    public Version HttpVersion { get; set; } = System.Net.HttpVersion.Version20;

    /// <summary>The limits that messages are held to before memory is taken for them.</summary>
    /// <value>Default: <see cref="PayloadLimits.Default"/>.</value>
    public PayloadLimits Limits { get; set; } = PayloadLimits.Default;

    /// <summary>The bytes of a chunk of a download: a multiple of 16 KiB, up to 1 MiB.</summary>
    /// <value>Default: 524288 (512 KiB).</value>
    public int ChunkBytes { get; set; } = 512 << 10;

    /// <summary>A folder of this device's own for what it downloaded last, so that another process need not download it again.</summary>
    /// <value>Default: null, only this process remembers.</value>
    public string? CacheFolder { get; set; }

    /// <summary>How often a request is repeated that did not get through, before the call fails.</summary>
    /// <value>Default: 8.</value>
    public int Retries { get; set; } = 8;

    /// <summary>The middle of the first delay before a repetition; each further one doubles, with jitter. A window that the coordinator gives takes precedence.</summary>
    /// <value>Default: half a second.</value>
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest delay before a repetition.</summary>
    /// <value>Default: 30 seconds.</value>
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one request may take.</summary>
    /// <value>Default: one minute.</value>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a check-in may take, which the coordinator holds until a round opens; more than the coordinator's own patience.</summary>
    /// <value>Default: 2 minutes.</value>
    public TimeSpan CheckInTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>What the jitter is drawn from; another seed for each device.</summary>
    /// <value>Default: null, the system's randomness.</value>
    public int? Seed { get; set; }

    /// <summary>Puts a handler of your own around the one that sends, for example for a proxy's credentials.</summary>
    /// <value>Default: null.</value>
    public Func<HttpMessageHandler, HttpMessageHandler>? Handler { get; set; }

    internal IEnumerable<string> Violations(Uri address)
    {
        if (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && AllowPlainHttpOnLoopback && address.IsLoopback))
        {
            yield return $"The address is {address}. Use https; http is for trials on one machine, with AllowPlainHttpOnLoopback.";
        }

        if (Token is not null && ClientCertificate is not null)
        {
            yield return "There are a Token and a ClientCertificate. A device has one identity: take one away.";
        }

        if (ClientCertificate is { HasPrivateKey: false })
        {
            yield return "ClientCertificate has no private key. Load it together with its key.";
        }

        if (!Chunks.IsSize(ChunkBytes))
        {
            yield return $"ChunkBytes is {ChunkBytes}. Use {Chunks.Sizes}.";
        }

        if (Retries is < 0 or > 1000)
        {
            yield return $"Retries is {Retries}. Use 0 to 1000.";
        }

        foreach (var (name, value) in new[] { (nameof(FirstRetry), FirstRetry), (nameof(LongestRetry), LongestRetry), (nameof(RequestTimeout), RequestTimeout), (nameof(CheckInTimeout), CheckInTimeout) })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
            {
                yield return $"{name} is {value}. Use a time above zero, up to a day.";
            }
        }
    }
}
