using CoMiGS.Transport;

namespace CoMiGS.Aggregation;

/// <summary>A running weighted mean over exact sums.</summary>
internal sealed class MeanAggregation : IAggregation
{
    private const long WorthTwoThreads = 1 << 17;
    private readonly IReadOnlyList<TensorSpec> _parameters;
    private readonly Func<ExpertUpdate, long> _weight;
    private readonly FixedPointSum[] _sums;
    private readonly long _values;
    private long _totalWeight;
    private TensorSet? _mean;

    public MeanAggregation(RunMoment moment, Func<ExpertUpdate, long> weight)
    {
        ArgumentNullException.ThrowIfNull(moment);
        _parameters = moment.First.Tensors;
        _weight = weight;
        _sums = [.. _parameters.Select(spec => new FixedPointSum(checked((int)spec.ElementCount)))];
        _values = _parameters.Sum(spec => spec.ElementCount);
    }

    public int Count { get; private set; }

    public static string? Objection(string strategy, DeviceShare device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.Tensors.Count > 0
            ? null
            : $"{strategy} combines shared parameters, but the device shares none. Give it a generalist or shared attention adapters, or choose NoAggregation if every device is to learn alone.";
    }

    public void Add(DeviceShare device, ExpertUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        var weight = _weight(update);
        Check(update, weight);
        var added = new bool[_sums.Length];
        ForEach(i => added[i] = _sums[i].TryAdd(update.Tensors[i].AsFloats(), weight));
        if (Array.IndexOf(added, false) is >= 0 and var bad)
        {
            ForEach(i => _ = added[i] && _sums[i].TryAdd(update.Tensors[i].AsFloats(), -weight)); // exact: the sums are what they were
            throw new ArgumentException($"{_parameters[bad].Name} of {update.Device} holds a number that is not finite or beyond {AggregationLimits.MaximumMagnitude}.", nameof(update));
        }

        _totalWeight += weight;
        Count++;
    }

    public TensorSet Complete()
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("The round has no update, so it has no mean. Close it with at least one.");
        }

        return _mean ??= new TensorSet(_parameters.Select((spec, i) => _sums[i].Mean(spec, _totalWeight)));
    }

    /// <summary>Sums are independent of each other; two cores read more memory a second than one.</summary>
    private void ForEach(Action<int> tensor)
    {
        if (_values < WorthTwoThreads)
        {
            for (var i = 0; i < _sums.Length; i++)
            {
                tensor(i);
            }
        }
        else
        {
            Parallel.For(0, _sums.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, tensor);
        }
    }

    /// <summary>All or nothing: an update that cannot be added whole must not be added in part.</summary>
    private void Check(ExpertUpdate update, long weight)
    {
        if (!update.Tensors.Specs.SequenceEqual(_parameters))
        {
            throw new ArgumentException($"The update of {update.Device} has other tensors than the round.", nameof(update));
        }

        if (_mean is not null)
        {
            throw new InvalidOperationException("The round is over, and its sums are gone. Begin another.");
        }

        if (weight is < 1 or > AggregationLimits.MaximumSamples || _totalWeight + weight > AggregationLimits.MaximumTotalWeight)
        {
            throw new ArgumentException(
                $"The update of {update.Device} has weight {weight}, on top of {_totalWeight}. Use 1 to {AggregationLimits.MaximumSamples}, and at most {AggregationLimits.MaximumTotalWeight} together.",
                nameof(update));
        }
    }
}
