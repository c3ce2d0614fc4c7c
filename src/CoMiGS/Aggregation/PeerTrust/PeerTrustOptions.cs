using CoMiGS.Validation;

namespace CoMiGS.Aggregation.PeerTrust;

/// <summary>After which rounds devices mix.</summary>
public sealed class PeerTrustOptions : ICheckedOptions
{
    /// <summary>The first round after which devices mix.</summary>
    /// <value>Default: 1. The released code of CoMiGS begins later, once the adapters differ.</value>
    [Allowed(1)]
    public int FirstRound { get; set; } = 1;

    /// <summary>They mix after every so many rounds from then on; in between every device goes on with its own.</summary>
    /// <value>Default: 1.</value>
    [Allowed(1)]
    public int Every { get; set; } = 1;

    /// <inheritdoc/>
    public IEnumerable<string> CrossFieldViolations() => [];
}
