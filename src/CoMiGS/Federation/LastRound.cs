using CoMiGS.Aggregation;
using CoMiGS.Federation.Journal;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>What is kept of the round that closed last, for updates that come after it.</summary>
internal sealed class LastRound(IReadOnlyList<Receipt> receipts, IReadOnlyList<DeviceShare> missing)
{
    private readonly Dictionary<string, Receipt> _receipts = receipts.ToDictionary(receipt => receipt.Device, StringComparer.Ordinal);
    private readonly Dictionary<string, DeviceShare> _missing = missing.ToDictionary(share => share.Device, StringComparer.Ordinal);

    /// <summary>Whether this very update counted.</summary>
    public bool Counts(ExpertUpdate update) => _receipts.GetValueOrDefault(update.Device) == new Receipt(update.Device, update.Round, update.Attempt);

    /// <summary>Its devices; those whose update of the round before was carried into it are among them.</summary>
    public IEnumerable<DeviceStatus> States() =>
        _receipts.Keys.Select(device => new DeviceStatus(device, DeviceState.Counted)).Concat(_missing.Keys.Select(device => new DeviceStatus(device, DeviceState.Missing)));

    /// <summary>What a device of the round shares whose update did not count.</summary>
    public DeviceShare? Missing(string device) => _missing.GetValueOrDefault(device);
}
