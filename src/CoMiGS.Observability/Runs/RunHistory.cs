using CoMiGS.Federation;
using CoMiGS.Transport;

namespace CoMiGS.Observability.Runs;

/// <summary>What has happened in a run, as far as it is shown: bounded, whatever devices do. Its owner sees to it that one thread at a time uses it.</summary>
internal sealed class RunHistory
{
    private const int MostRounds = 1000;
    private const int MostRefusals = 50;
    private const int MostLayers = 256;
    private const int LongestText = 400;
    private readonly SortedDictionary<int, RoundRow> _rounds = [];
    private readonly LinkedList<RefusalRow> _refusals = [];
    private readonly SortedDictionary<string, long> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WeightedMean> _layers = new(StringComparer.Ordinal);
    private (long Up, long Down)? _before;
    private int _layersRound;
    private long _refusalsEver;

    /// <summary>Grows with everything that happens.</summary>
    public long Version { get; private set; }

    /// <summary>What a viewer has not seen: a copy, to be written when nobody waits for it.</summary>
    /// <param name="seen">The version that it has seen; null at first.</param>
    /// <param name="head">Where the run stands.</param>
    /// <param name="named">Whether devices and their reasons are shown.</param>
    public LiveNews Since(long? seen, LiveHead head, bool named) => new(
        seen is null,
        head,
        new SortedDictionary<string, long>(_codes),
        _layersRound,
        [.. _layers.Select(layer => new LayerView(layer.Key, layer.Value.Value ?? 0))],
        [.. _rounds.Values.Where(row => row.Version > (seen ?? 0)).Select(RoundView.Of)],
        [.. _refusals.Where(row => row.Version > (seen ?? 0)).Select(row => RefusalView.Of(row, named))]);

    /// <summary>The row of a round; null if it is not known (any more).</summary>
    public RoundRow? Find(int round) => _rounds.GetValueOrDefault(round);

    /// <summary>Puts in a row that another process wrote down.</summary>
    public void Restore(RoundRow row)
    {
        Version++;
        row.Version = Version;
        _rounds[row.Number] = row;
        Trim();
    }

    /// <summary>Takes in what happened.</summary>
    /// <param name="what">What.</param>
    /// <param name="now">When.</param>
    /// <param name="traffic">What the transport has carried so far.</param>
    public void Take(RoundEvent what, DateTimeOffset now, TransportTraffic? traffic)
    {
        Version++;
        switch (what)
        {
            case RoundOpened opened:
                Row(opened.Round).Devices = opened.Devices.Count;
                _before ??= Bytes(traffic);
                break;
            case DeviceJoined joined:
                Row(joined.Round).Devices++;
                break;
            case DeviceRefused refused:
                Refuse(refused.Round, "check-in", refused.Device, refused.Refusal.Code, refused.Refusal.Reason, now);
                break;
            case UpdateAccepted accepted:
                Count(accepted);
                break;
            case UpdateRefused refused:
                Refuse(refused.Round, "update", refused.Device, refused.Receipt.Code, refused.Receipt.Reason, now);
                if (_rounds.TryGetValue(refused.Round, out var row))
                {
                    (row.Refused, row.Version) = (row.Refused + 1, Version);
                }

                break;
            case RoundClosed closed:
                Close(closed, traffic);
                break;
        }
    }

    private static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";

    private static (long Up, long Down)? Bytes(TransportTraffic? traffic) => traffic is { } counted ? (counted.BytesReceived, counted.BytesSent) : null;

    private RoundRow Row(int round)
    {
        if (!_rounds.TryGetValue(round, out var row))
        {
            _rounds.Add(round, row = new RoundRow(round));
            Trim();
        }

        row.Version = Version;
        return row;
    }

    private void Trim()
    {
        if (_rounds.Count > MostRounds)
        {
            _rounds.Remove(_rounds.Keys.First());
        }
    }

    private void Count(UpdateAccepted update)
    {
        var row = Row(update.Round);
        row.Accepted++;
        foreach (var (name, value) in update.Metrics)
        {
            switch (name)
            {
                case UpdateMetrics.Loss:
                    row.Loss.Add(value, update.Samples);
                    break;
                case UpdateMetrics.RouterLoss:
                    row.RouterLoss.Add(value, update.Samples);
                    break;
                case UpdateMetrics.HeldOutLoss:
                    row.HeldOutLoss.Add(value, update.Samples);
                    break;
                default:
                    if (UpdateMetrics.LayerOf(name) is { } layer && value is >= 0 and <= 1)
                    {
                        Share(layer, value, update);
                    }

                    break;
            }
        }
    }

    private void Share(string layer, double share, UpdateAccepted update)
    {
        if (_layersRound != update.Round)
        {
            _layersRound = update.Round;
            _layers.Clear();
        }

        if (!_layers.TryGetValue(layer, out var mean) && _layers.Count < MostLayers)
        {
            _layers.Add(Short(layer), mean = new WeightedMean());
        }

        mean?.Add(share, update.Samples);
    }

    private void Refuse(int round, string kind, string device, RefusalCode code, string reason, DateTimeOffset now)
    {
        _codes[code.ToString()] = _codes.GetValueOrDefault(code.ToString()) + 1;
        var row = new RefusalRow(_refusalsEver + 1, round, kind, Short(device), code.ToString(), Short(reason)) { At = now, Version = Version };
        if (_refusals.Last?.Value is { } last && last.IsAlike(row))
        {
            (last.At, last.Version, last.Times) = (now, Version, last.Times + 1);
            return;
        }

        _refusalsEver++;
        _refusals.AddLast(row);
        if (_refusals.Count > MostRefusals)
        {
            _refusals.RemoveFirst();
        }
    }

    private void Close(RoundClosed closed, TransportTraffic? traffic)
    {
        var row = Row(closed.Round);
        (row.Duration, row.Accepted, row.Missing, row.Devices) = (closed.Duration, closed.Accepted, closed.Missing, closed.Accepted + closed.Missing);
        var bytes = Bytes(traffic);
        if (bytes is var (up, down) && _before is var (upBefore, downBefore))
        {
            row.Bytes = (up - upBefore, down - downBefore);
        }

        _before = bytes;
    }
}
