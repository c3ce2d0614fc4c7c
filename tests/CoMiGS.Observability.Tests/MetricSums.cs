using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace CoMiGS.Observability.Tests;

/// <summary>Adds up what meters measure, from its creation until it is disposed.</summary>
internal sealed class MetricSums : IDisposable
{
    private readonly ConcurrentDictionary<string, double> _sums = new();
    private readonly ConcurrentDictionary<string, string> _tags = new();
    private readonly MeterListener _listener = new();

    public MetricSums(params string[] meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (meters.Contains(instrument.Meter.Name))
            {
                Units[instrument.Name] = instrument.Unit;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Add(i, value, tags));
        _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Add(i, value, tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Add(i, value, tags));
        _listener.Start();
    }

    /// <summary>The instruments that there are, with their units.</summary>
    public ConcurrentDictionary<string, string?> Units { get; } = new();

    /// <summary>Every tag and value that was given.</summary>
    public ICollection<string> Tags => _tags.Keys;

    public double Sum(string instrument) => _sums.GetValueOrDefault(instrument);

    /// <summary>The sum of one side's measurements, or of one other tag's.</summary>
    public double Sum(string instrument, string tag) => _sums.GetValueOrDefault($"{instrument} {tag}");

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        _sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
        foreach (var (name, tag) in tags)
        {
            _tags.TryAdd($"{name}={tag}", "");
            _sums.AddOrUpdate($"{instrument.Name} {name}={tag}", value, (_, sum) => sum + value);
        }
    }
}
