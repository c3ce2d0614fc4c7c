using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Training;
using static TorchSharp.torch;

namespace CoMiGS.Federation.Methods;

/// <summary>The norm of the last ranks of adapters, <c>lambda sum ||B[:, g:]||_F ||A[g:, :]||_F</c> with <c>g = floor(gamma r)</c> (arXiv 2401.06432), beside another penalty.</summary>
/// <param name="other">What is added besides.</param>
/// <param name="adapters">A and B of every adapter, and the rank that it has at the moment.</param>
/// <param name="keep">gamma.</param>
/// <param name="weight">lambda.</param>
public sealed class TailPenalty(ITrainingPenalty other, Func<IEnumerable<(NamedParameter A, NamedParameter B, int Rank)>> adapters, double keep, double weight) : ITrainingPenalty
{
    /// <summary>The rank that would stay: <c>floor(gamma r)</c>.</summary>
    /// <param name="rank">r.</param>
    /// <param name="keep">gamma.</param>
    public static int Kept(int rank, double keep) => (int)(keep * rank);

    /// <inheritdoc/>
    public Tensor Compute(MoeModel model)
    {
        var sum = other.Compute(model);
        foreach (var (a, b, rank) in adapters())
        {
            var kept = Kept(rank, keep);
            if (kept == 0)
            {
                continue; // the last rank of all never goes, so nothing presses on it
            }

            sum = sum.Plus((a.Value.narrow(0, kept, rank - kept).norm() * b.Value.narrow(1, kept, rank - kept).norm()).Times(weight));
        }

        return sum;
    }
}
