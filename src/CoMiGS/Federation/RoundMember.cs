using CoMiGS.Aggregation;
using CoMiGS.Federation.Journal;

namespace CoMiGS.Federation;

/// <summary>A device in a round.</summary>
internal sealed class RoundMember
{
    /// <summary>What it checked in with.</summary>
    public required DeviceShare Share { get; set; }

    /// <summary>What it is to share: the same, or what the strategy assigned.</summary>
    public required DeviceShare Assigned { get; set; }

    /// <summary>The update that counts.</summary>
    public Receipt? Counted { get; set; }

    /// <summary>Where that update is in the journal.</summary>
    public long Record { get; set; }

    /// <summary>Whether its last update was refused, so that the round does not wait for it.</summary>
    public bool Refused { get; set; }

    public bool HasAnswered => Counted is not null || Refused;
}
