using CoMiGS.Aggregation;
using CoMiGS.Federation.Journal;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>A round that is open: its devices, and the sum of their updates.</summary>
/// <param name="number">Counted from 1.</param>
/// <param name="begin">Makes what collects the updates.</param>
/// <param name="readBack">Reads an update from the journal when the round ends, so that none is in memory before; null to add each as it comes.</param>
/// <param name="options">How the run is led.</param>
/// <param name="opened">When it opened.</param>
internal sealed class OpenRound(int number, Func<IAggregation> begin, Func<long, ExpertUpdate>? readBack, RoundOptions options, DateTimeOffset opened)
{
    private readonly Dictionary<string, RoundMember> _members = new(StringComparer.Ordinal);
    private readonly IAggregation? _running = readBack is null ? begin() : null;
    private TensorSet? _result;

    public int Number => number;

    public DateTimeOffset Opened => opened;

    public DateTimeOffset? Deadline => opened + options.Deadline;

    public int Accepted { get; private set; }

    public int Missing => _members.Count - Accepted;

    public int Members => _members.Count;

    public int Unanswered => _members.Values.Count(member => !member.HasAnswered);

    public bool IsOverdue(DateTimeOffset now) => Deadline <= now;

    public bool CanClose(DateTimeOffset now) => Accepted >= options.MinimumDevices && (Accepted >= options.SufficientUpdates || NothingToWaitFor(now));

    /// <summary>Without a quorum, but with nobody left to wait for: other devices may join.</summary>
    public bool NeedsMore(DateTimeOffset now) => Accepted < options.MinimumDevices && NothingToWaitFor(now);

    public bool Has(string device) => _members.ContainsKey(device);

    /// <summary>Whether the device is in the round and still owes an update; it may have restarted, or had its update refused.</summary>
    public bool IsOwedBy(string device) => _members.TryGetValue(device, out var member) && member.Counted is null;

    /// <summary>Whether the device is in the round as it is now.</summary>
    public bool Knows(DeviceShare share) => _members.TryGetValue(share.Device, out var member) && !member.Refused && member.Share.Samples == share.Samples && member.Share.IsAlike(share);

    /// <summary>Whether an answer of the device is still to come, as it is now.</summary>
    public bool Awaits(string device) => _members.TryGetValue(device, out var member) && !member.Refused;

    /// <summary>A device comes, or comes back.</summary>
    /// <param name="share">What it checked in with.</param>
    /// <param name="assigned">What it is to share.</param>
    public void Join(DeviceShare share, DeviceShare assigned)
    {
        if (!_members.TryGetValue(share.Device, out var member))
        {
            _members.Add(share.Device, member = new RoundMember { Share = share, Assigned = assigned });
        }

        (member.Share, member.Assigned) = (share, assigned);
        member.Refused = false;
    }

    public void Refuse(string device) => _members[device].Refused = true;

    /// <summary>Why no update is due from a device any more, or ever; its content is the gate's business.</summary>
    /// <returns>The receipt; null when <see cref="Count"/> may take it.</returns>
    public UpdateReceipt? Objection(ExpertUpdate update) =>
        !_members.TryGetValue(update.Device, out var member) ? UpdateReceipt.Refuse(RefusalCode.NotInRound, $"The device is not in round {number}. Check in and follow the plan.")
        : member.Counted is { } counted ? UpdateReceipt.Refuse(RefusalCode.Duplicate, $"Round {number} already counts attempt {counted.Attempt} of this device.")
        : null;

    /// <summary>Whether this very update counts.</summary>
    public bool Counts(ExpertUpdate update) =>
        _members.TryGetValue(update.Device, out var member) && member.Counted == new Receipt(update.Device, update.Round, update.Attempt);

    /// <summary>What a device of the round is to share; null if it is not in the round.</summary>
    public DeviceShare? ShareOf(string device) => _members.GetValueOrDefault(device)?.Assigned;

    /// <summary>Counts an update.</summary>
    /// <param name="update">The update.</param>
    /// <param name="record">Where it is in the journal.</param>
    public void Count(ExpertUpdate update, long record)
    {
        var member = _members[update.Device];
        _running?.Add(member.Assigned, update);
        member.Counted = new Receipt(update.Device, update.Round, update.Attempt);
        member.Record = record;
        Accepted++;
    }

    /// <summary>The next shared parameters; the same however often they are asked for.</summary>
    public TensorSet Complete() => _result ??= (_running ?? ReadBack()).Complete();

    public IReadOnlyList<Receipt> Receipts() => [.. InOrder().Where(member => member.Counted is not null).Select(member => member.Counted!)];

    public IReadOnlyList<DeviceShare> MissingShares() => [.. InOrder().Where(member => member.Counted is null).Select(member => member.Share)];

    public IEnumerable<DeviceStatus> States() => _members.Values.Select(member => new DeviceStatus(
        member.Share.Device,
        member.Counted is not null ? DeviceState.Counted : member.Refused ? DeviceState.Refused : DeviceState.Training));

    private IAggregation ReadBack()
    {
        var all = begin();
        foreach (var member in InOrder().Where(member => member.Counted is not null))
        {
            all.Add(member.Assigned, readBack!(member.Record));
        }

        return all;
    }

    private IEnumerable<RoundMember> InOrder() => _members.Values.OrderBy(member => member.Share.Device, StringComparer.Ordinal);

    private bool NothingToWaitFor(DateTimeOffset now) => IsOverdue(now) || _members.Values.All(member => member.HasAnswered);
}
