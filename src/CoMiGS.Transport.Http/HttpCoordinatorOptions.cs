using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CoMiGS.Transport.Http.Security;
using CoMiGS.Transport.Http.Wire;

namespace CoMiGS.Transport.Http;

/// <summary>How a coordinator listens over HTTPS, and whom it lets in. At least one way to let devices in must be chosen.</summary>
public sealed class HttpCoordinatorOptions
{
    /// <summary>Who signs the client certificates of devices; the subject's common name is the device's name.</summary>
    /// <value>Default: nobody, so no certificate is good.</value>
    public X509Certificate2Collection ClientAuthorities { get; } = [];

    /// <summary>The private key, on the curve P-256, that signs the tokens of enrolled devices. Keep it: with another key no token is good any more.</summary>
    /// <value>Default: null, no device can enrol or come with a token.</value>
    public ECDsa? TokenKey { get; set; }

    /// <summary>How long a token is good; its device renews it by itself when two thirds of that are over.</summary>
    /// <value>Default: 365 days.</value>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromDays(365);

    /// <summary>How long after its end a token is still good for one thing, to be renewed: a device may have been training, or away, when it ended. Later it must enrol again.</summary>
    /// <value>Default: 7 days. Zero: a token must be renewed before it ends.</value>
    public TimeSpan RenewableAfterEnd { get; set; } = TimeSpan.FromDays(7);

    /// <summary>One-time codes and revocations.</summary>
    /// <value>Default: one without a file, which is empty after a restart.</value>
    public DeviceRegistry Registry { get; set; } = new();

    /// <summary>Lets in whoever calls, as whoever it says it is. For trials on one machine.</summary>
    /// <value>Default: false.</value>
    public bool AllowUnknownDevices { get; set; }

    /// <summary>Answers requests without TLS if they come from this very machine. For trials.</summary>
    /// <value>Default: false.</value>
    public bool AllowPlainHttpOnLoopback { get; set; }

    /// <summary>How far a device's clock may be off, and how long a proof can be used at all; each is good once.</summary>
    /// <value>Default: one minute.</value>
    public TimeSpan ClockTolerance { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The limits that messages are held to before memory is taken for them.</summary>
    /// <value>Default: <see cref="PayloadLimits.Default"/>.</value>
    public PayloadLimits Limits { get; set; } = PayloadLimits.Default;

    /// <summary>The bytes of a chunk of an upload: a multiple of 16 KiB, up to 1 MiB.</summary>
    /// <value>Default: 524288 (512 KiB).</value>
    public int ChunkBytes { get; set; } = 512 << 10;

    /// <summary>Requests a second that one device may make, chunks included; twice as many at once.</summary>
    /// <value>Default: 500.</value>
    public double RequestsPerSecond { get; set; } = 500;

    /// <summary>Requests a second without a valid identity that one address may make; twice as many at once. Then it is not listened to any more for a while.</summary>
    /// <value>Default: 5.</value>
    public double StrangersPerSecond { get; set; } = 5;

    /// <summary>Check-ins a second of all devices together; others are asked to come back later, spread out.</summary>
    /// <value>Default: 200.</value>
    public double ArrivalsPerSecond { get; set; } = 200;

    /// <summary>After how long devices may come back while nobody serves; twice as long at most.</summary>
    /// <value>Default: 2 seconds.</value>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Updates that are in memory as a whole at the same time; others wait on disk.</summary>
    /// <value>Default: 4.</value>
    public int UpdatesInMemory { get; set; } = 4;

    /// <summary>Bytes of all uploads together that may be on the way; counted as declared.</summary>
    /// <value>Default: 8 GiB.</value>
    public long UploadBytesOnDisk { get; set; } = 8L << 30;

    /// <summary>How long an upload is kept that nobody goes on with.</summary>
    /// <value>Default: 10 minutes.</value>
    public TimeSpan UploadKept { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Where uploads grow.</summary>
    /// <value>Default: the folder for temporary files.</value>
    public string UploadFolder { get; set; } = Path.GetTempPath();

    internal IEnumerable<string> Violations()
    {
        if (ClientAuthorities.Count == 0 && TokenKey is null && !AllowUnknownDevices)
        {
            yield return "No device could be let in. Add an authority to ClientAuthorities, set TokenKey, or both; for trials on one machine set AllowUnknownDevices.";
        }

        if (AllowUnknownDevices && (ClientAuthorities.Count > 0 || TokenKey is not null))
        {
            yield return "AllowUnknownDevices is set together with ClientAuthorities or TokenKey. Devices are either known or not: take one away.";
        }

        if (!Chunks.IsSize(ChunkBytes))
        {
            yield return $"ChunkBytes is {ChunkBytes}. Use {Chunks.Sizes}.";
        }

        foreach (var (name, value) in new[] { (nameof(RequestsPerSecond), RequestsPerSecond), (nameof(StrangersPerSecond), StrangersPerSecond), (nameof(ArrivalsPerSecond), ArrivalsPerSecond) })
        {
            if (value is not (> 0 and <= 1e6))
            {
                yield return $"{name} is {value}. Use a number above 0, up to 1000000.";
            }
        }

        foreach (var (name, value) in new[] { (nameof(TokenLifetime), TokenLifetime), (nameof(ClockTolerance), ClockTolerance), (nameof(RetryAfter), RetryAfter), (nameof(UploadKept), UploadKept) })
        {
            if (value <= TimeSpan.Zero)
            {
                yield return $"{name} is {value}. Use a time above zero.";
            }
        }

        if (RenewableAfterEnd < TimeSpan.Zero)
        {
            yield return $"RenewableAfterEnd is {RenewableAfterEnd}. Use zero or more.";
        }

        if (UpdatesInMemory < 1)
        {
            yield return $"UpdatesInMemory is {UpdatesInMemory}. Use 1 or more.";
        }

        if (UploadBytesOnDisk < Limits.MaxBytes)
        {
            yield return $"UploadBytesOnDisk is {UploadBytesOnDisk}, but one update may have {Limits.MaxBytes} bytes (Limits.MaxBytes). Allow at least one.";
        }
    }
}
