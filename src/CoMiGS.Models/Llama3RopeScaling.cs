namespace CoMiGS.Models;

/// <summary>
/// Llama 3.1's scaling: waves that fit into the original window often stay, waves longer than it are divided by the factor, and those between are blended.
/// <code>
///   w = 2 pi / f,  L = original window
///   f                                  where w &lt; L / high
///   f / factor                         where w &gt; L / low
///   (1 - t) f / factor + t f           between, t = (L / w - low) / (high - low)
/// </code>
/// </summary>
/// <param name="Factor">At least 1.</param>
/// <param name="LowFrequencyFactor">low.</param>
/// <param name="HighFrequencyFactor">high; above low.</param>
/// <param name="OriginalBlockSize">L, the window of the first training.</param>
public sealed record Llama3RopeScaling(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalBlockSize) : RopeScaling
{
    /// <inheritdoc/>
    public override string Name => "llama3";

    /// <inheritdoc/>
    public override double Apply(double frequency)
    {
        var waves = OriginalBlockSize * frequency / (2 * Math.PI); // that fit into the original window, L / w
        var kept = Math.Clamp((waves - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor), 0, 1);
        return ((1 - kept) * frequency / Factor) + (kept * frequency);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Violations()
    {
        foreach (var violation in new LinearRopeScaling(Factor).Violations())
        {
            yield return violation;
        }

        if (!(LowFrequencyFactor > 0 && HighFrequencyFactor > LowFrequencyFactor) || double.IsInfinity(HighFrequencyFactor))
        {
            yield return $"The RoPE scaling's frequency factors are {LowFrequencyFactor} (low) and {HighFrequencyFactor} (high). Use positive numbers, the high one above the low one.";
        }

        if (OriginalBlockSize < 1)
        {
            yield return $"The RoPE scaling's original window is {OriginalBlockSize}. Use 1 or more.";
        }
    }
}
