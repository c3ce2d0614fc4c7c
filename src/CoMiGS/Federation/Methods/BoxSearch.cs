using CoMiGS.Parameters;

namespace CoMiGS.Federation.Methods;

/// <summary>
/// Looks for the least value of a function that costs much and has no gradient, in the box <c>[-bound, bound]^n</c>: a (1+1) evolution strategy whose steps grow
/// when one in five or more succeeds, and shrink otherwise (Rechenberg 1973). Equal seeds give equal searches.
/// </summary>
public static class BoxSearch
{
    private const double Growth = 1.5;
    private const double Shrinkage = 0.9036; // Growth^(-1/4): one success in five keeps the step as it is

    /// <summary>The best point found; never worse than the best of the starts that were tried.</summary>
    /// <param name="function">Finite or not: what is not a number counts as the worst.</param>
    /// <param name="starts">At least one point in the box; tried in this order before anything else.</param>
    /// <param name="bound">Half the width of the box.</param>
    /// <param name="budget">How often the function is called, exactly.</param>
    /// <param name="seed">Seed of the steps.</param>
    public static (IReadOnlyList<double> Point, double Value) Minimise(
        Func<IReadOnlyList<double>, double> function, IReadOnlyList<IReadOnlyList<double>> starts, double bound, int budget, Seed seed)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(starts);
        ArgumentOutOfRangeException.ThrowIfZero(starts.Count, nameof(starts));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(budget);
        var best = starts.Take(budget).Select(Tried).ToList().MinBy(tried => tried.Value);
        var random = new SeededRandom(seed);
        var step = bound / 3;
        for (var calls = starts.Count; calls < budget; calls++)
        {
            var next = Tried([.. best.Point.Select(value => Math.Clamp(value + (step * random.NextNormal()), -bound, bound))]);
            step *= next.Value < best.Value ? Growth : Shrinkage;
            best = next.Value < best.Value ? next : best;
        }

        return best;

        (IReadOnlyList<double> Point, double Value) Tried(IReadOnlyList<double> point)
        {
            var value = function(point);
            return (point, double.IsNaN(value) ? double.PositiveInfinity : value);
        }
    }
}
