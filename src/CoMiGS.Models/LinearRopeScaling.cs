namespace CoMiGS.Models;

/// <summary>Every frequency is divided by one factor (position interpolation, arXiv 2306.15595).</summary>
/// <param name="Factor">At least 1.</param>
public sealed record LinearRopeScaling(double Factor) : RopeScaling
{
    /// <inheritdoc/>
    public override string Name => "linear";

    /// <inheritdoc/>
    public override double Apply(double frequency) => frequency / Factor;

    /// <inheritdoc/>
    public override IEnumerable<string> Violations()
    {
        if (!(Factor >= 1) || double.IsInfinity(Factor))
        {
            yield return $"The RoPE scaling's factor is {Factor}. Use a number of 1 or more.";
        }
    }
}
