namespace CoMiGS.Demo.Reports;

/// <summary>Maps values to positions along an axis, and finds round numbers to label.</summary>
/// <param name="Low">The value at <paramref name="From"/>.</param>
/// <param name="High">The value at <paramref name="To"/>.</param>
/// <param name="From">The position of the lowest value.</param>
/// <param name="To">The position of the highest value.</param>
internal sealed record LinearScale(double Low, double High, double From, double To)
{
    private static readonly double[] RoundSteps = [1, 2, 2.5, 5, 10];

    /// <summary>The position of <paramref name="value"/>.</summary>
    public double At(double value) => High > Low ? From + ((To - From) * (value - Low) / (High - Low)) : (From + To) / 2;

    /// <summary>Round numbers inside the range, about <paramref name="count"/> of them.</summary>
    public IEnumerable<double> Ticks(int count)
    {
        var rough = Math.Max(High - Low, 1e-9) / count;
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = RoundSteps.Select(factor => factor * magnitude).First(candidate => candidate >= rough * 0.999);
        for (var index = Math.Ceiling(Low / step); index * step <= High + (step * 1e-6); index++)
        {
            yield return index * step;
        }
    }
}
