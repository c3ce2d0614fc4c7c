namespace CoMiGS.Observability.Runs;

/// <summary>The mean of what devices report, weighted by their samples. What is no plausible figure does not count.</summary>
internal sealed class WeightedMean
{
    private const double Largest = 1e6; // no loss per token and no share comes near it
    private double _sum;
    private double _weight;

    public double? Value => _weight > 0 ? _sum / _weight : null;

    public void Add(double value, long weight)
    {
        if (value is >= 0 and <= Largest && weight > 0)
        {
            _sum += value * weight;
            _weight += weight;
        }
    }
}
