using CoMiGS.Aggregation;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>A round that is open: its devices, and the sum of their updates.</summary>
internal sealed class OpenRound(int number, IAggregation aggregation, UpdateGate gate, int minimum, DateTimeOffset opened, DateTimeOffset? deadline)
{
    private readonly Dictionary<string, RoundMember> _members = new(StringComparer.Ordinal);

    public int Number => number;

    public DateTimeOffset Opened => opened;

    public DateTimeOffset? Deadline => deadline;

    public int Accepted { get; private set; }

    public int Missing => _members.Count - Accepted;

    public int Unanswered => _members.Values.Count(member => !member.HasAnswered);

    public bool IsOverdue(DateTimeOffset now) => deadline <= now;

    public bool CanClose(DateTimeOffset now) => Accepted >= minimum && NothingToWaitFor(now);

    /// <summary>Without a quorum, but with nobody left to wait for: other devices may join.</summary>
    public bool NeedsMore(DateTimeOffset now) => Accepted < minimum && NothingToWaitFor(now);

    public bool Has(string device) => _members.ContainsKey(device);

    public void Join(DeviceShare share) => _members.Add(share.Device, new RoundMember { Share = share });

    /// <summary>Whether the device is in the round and still owes an update; it may have restarted, or had its update refused.</summary>
    public bool Resumes(DeviceShare share)
    {
        if (!_members.TryGetValue(share.Device, out var member) || member.AcceptedAttempt is not null)
        {
            return false;
        }

        member.Share = share;
        member.Refused = false;
        return true;
    }

    /// <summary>Judges an update and adds it when it counts.</summary>
    /// <param name="update">The update.</param>
    /// <param name="repeat">Whether this very update was counted before.</param>
    public UpdateReceipt Add(ExpertUpdate update, out bool repeat)
    {
        repeat = false;
        if (!_members.TryGetValue(update.Device, out var member))
        {
            return UpdateReceipt.Refuse(RefusalCode.NotInRound, $"The device is not in round {number}. Check in and follow the plan.");
        }

        if (member.AcceptedAttempt is { } accepted)
        {
            repeat = accepted == update.Attempt;
            return repeat ? UpdateReceipt.Counted : UpdateReceipt.Refuse(RefusalCode.Duplicate, $"Round {number} already counts attempt {accepted} of this device.");
        }

        if (gate.Refuse(update, member.Share, out var values) is { } refusal)
        {
            member.Refused = true;
            return refusal;
        }

        aggregation.Add(member.Share, values);
        member.AcceptedAttempt = update.Attempt;
        Accepted++;
        return UpdateReceipt.Counted;
    }

    public TensorSet Complete() => aggregation.Complete();

    /// <summary>Which attempt of which device counts, for repeats that arrive after the round.</summary>
    public IReadOnlyDictionary<string, int> Receipts() =>
        _members.Where(m => m.Value.AcceptedAttempt is not null).ToDictionary(m => m.Key, m => m.Value.AcceptedAttempt!.Value, StringComparer.Ordinal);

    private bool NothingToWaitFor(DateTimeOffset now) => IsOverdue(now) || _members.Values.All(member => member.HasAnswered);
}
