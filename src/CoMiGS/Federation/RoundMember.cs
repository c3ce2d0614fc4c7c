using CoMiGS.Aggregation;

namespace CoMiGS.Federation;

/// <summary>A device in a round.</summary>
internal sealed class RoundMember
{
    /// <summary>What it checked in with.</summary>
    public required DeviceShare Share { get; set; }

    /// <summary>The attempt that counts.</summary>
    public int? AcceptedAttempt { get; set; }

    /// <summary>Whether its last update was refused, so that the round does not wait for it.</summary>
    public bool Refused { get; set; }

    public bool HasAnswered => AcceptedAttempt is not null || Refused;
}
