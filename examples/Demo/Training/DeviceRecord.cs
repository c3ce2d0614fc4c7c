using CoMiGS.Data;
using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Training;

/// <summary>What was seen of one device while a method ran.</summary>
/// <param name="heldOut">Text that it does not learn from.</param>
internal sealed class DeviceRecord(ITokenSource heldOut)
{
    private readonly SortedDictionary<int, (double Sum, int Count)> _train = [];
    private readonly Dictionary<int, double> _heldOut = [];

    public ITokenSource HeldOut { get; } = heldOut;

    /// <summary>Test perplexity before the last synchronisation.</summary>
    public double AfterLocalSteps { get; set; }

    /// <summary>Sent and received over the whole run.</summary>
    public long Bytes { get; set; }

    public void AddStep(int round, double loss)
    {
        var (sum, count) = _train.GetValueOrDefault(round);
        _train[round] = (sum + loss, count + 1);
    }

    public void SetHeldOut(int round, double loss) => _heldOut[round] = loss;

    public IReadOnlyList<CurvePoint> Curve() =>
        [.. _train.Select(round => new CurvePoint(round.Key, round.Value.Sum / round.Value.Count, _heldOut.TryGetValue(round.Key, out var loss) ? loss : null))];
}
