using CoMiGS.Experiments.Results;
using CoMiGS.Experiments.Statistics;

namespace CoMiGS.Experiments.Reports;

/// <summary>A method against the reference, in pairs of one user and one seed, or of one seed where all users are tested on one text.</summary>
/// <param name="Ratio">The geometric mean of the ratios of their perplexities, less 1: negative where the method is better.</param>
/// <param name="Pairs">How many pairs.</param>
/// <param name="PValue">Of <see cref="SignFlipTest"/> on the differences of the logarithms, which are losses.</param>
/// <param name="Adjusted">The same after Holm's correction over the methods of the table.</param>
public sealed record Comparison(double Ratio, int Pairs, double PValue, double Adjusted)
{
    internal static Comparison? Of(IReadOnlyList<CellResult> method, IReadOnlyList<CellResult> reference, bool oneTest)
    {
        var differences =
            (from cell in method
             join other in reference on cell.Seed equals other.Seed
             let ofUsers = cell.Users.Zip(other.Users, (user, same) => Math.Log(user.Perplexity) - Math.Log(same.Perplexity))
             from difference in oneTest ? [ofUsers.Average()] : ofUsers
             select difference).ToList();
        if (differences.Count == 0)
        {
            return null;
        }

        var p = SignFlipTest.PValue(differences);
        return new Comparison(Math.Exp(differences.Average()) - 1, differences.Count, p, p);
    }
}
