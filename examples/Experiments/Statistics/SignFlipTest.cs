using CoMiGS.Parameters;

namespace CoMiGS.Experiments.Statistics;

/// <summary>
/// Fisher's paired permutation test. If two methods were alike, each difference of a pair could as well have had the other sign; the p-value is the share of all ways to
/// choose the signs whose sum is at least as far from zero as the one that was measured. It assumes no distribution, only that pairs are independent.
/// </summary>
public static class SignFlipTest
{
    /// <summary>Up to so many pairs all signs are tried; beyond that, <see cref="Draws"/> random ones.</summary>
    public const int MostExactPairs = 20;

    /// <summary>Random choices of signs where there are too many to try them all.</summary>
    public const int Draws = 200_000;

    // Sums of the same numbers in another order differ by rounding.
    private const double Slack = 1e-12;

    /// <summary>The two-sided p-value.</summary>
    /// <param name="differences">One for each pair.</param>
    /// <returns>From 2^(1 - n) to 1; 1 where there are no pairs.</returns>
    public static double PValue(IReadOnlyList<double> differences)
    {
        ArgumentNullException.ThrowIfNull(differences);
        var measured = Math.Abs(differences.Sum()) - (Slack * differences.Sum(Math.Abs));
        return differences.Count <= MostExactPairs ? Exact(differences, measured) : Drawn(differences, measured);
    }

    private static double Exact(IReadOnlyList<double> differences, double measured)
    {
        var all = 1L << differences.Count;
        var extreme = 0L;
        for (var signs = 0L; signs < all; signs++)
        {
            extreme += IsExtreme(differences, (ulong)signs, measured) ? 1 : 0;
        }

        return (double)extreme / all;
    }

    // The measured signs count as one of the draws, so that the share is never zero.
    private static double Drawn(IReadOnlyList<double> differences, double measured)
    {
        var random = new SeededRandom(new Seed(differences.Count));
        var extreme = 1;
        for (var draw = 0; draw < Draws; draw++)
        {
            var sum = 0.0;
            var bits = 0UL;
            for (var index = 0; index < differences.Count; index++)
            {
                bits = index % 64 == 0 ? random.NextBits() : bits >> 1;
                sum += (bits & 1) == 0 ? differences[index] : -differences[index];
            }

            extreme += Math.Abs(sum) >= measured ? 1 : 0;
        }

        return (double)extreme / (Draws + 1);
    }

    private static bool IsExtreme(IReadOnlyList<double> differences, ulong signs, double measured)
    {
        var sum = 0.0;
        for (var index = 0; index < differences.Count; index++)
        {
            sum += ((signs >> index) & 1) == 0 ? differences[index] : -differences[index];
        }

        return Math.Abs(sum) >= measured;
    }
}
