using System.Runtime.Intrinsics;

namespace CoMiGS.Kernels;

/// <summary>Runs both passes of a mixture on the widest registers of the machine, groups of tiles at the same time.</summary>
internal static unsafe class Mixture
{
    /// <summary>Numbers that differ between machines in the last bit only: the sums over columns are grouped alike for any number of threads.</summary>
    /// <param name="combine">c.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="operands">What comes in.</param>
    /// <param name="hidden">H: (N, f), of the rows' type; written.</param>
    /// <param name="projection">v: (N, n, r), zero before.</param>
    /// <param name="threads">How many threads to use.</param>
    public static void Forward(CombineKind combine, MixShape shape, MixOperands operands, void* hidden, float* projection, int threads)
    {
        var length = (long)shape.Tokens * shape.Projection;
        using var parts = new Scratch(length * (shape.Groups - 1), shape.Groups);
        var sums = Sums(projection, length, parts, shape.Groups);
        Workers.Run(Widest(combine, new ForwardPass(shape, operands, hidden, sums)), shape.Groups, threads);
        Add(sums, length);
    }

    /// <summary>The gradients of <see cref="Forward"/>.</summary>
    /// <param name="combine">c.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="operands">What came in.</param>
    /// <param name="gradients">The gradients that come in and go out.</param>
    /// <param name="expansion">du: (N, n, m, r), zero before.</param>
    /// <param name="gates">dw: (N, n), zero before.</param>
    /// <param name="threads">How many threads to use.</param>
    public static void Backward(CombineKind combine, MixShape shape, MixOperands operands, MixGradients gradients, float* expansion, float* gates, int threads)
    {
        var (inner, outer) = ((long)shape.Tokens * shape.Expansion, (long)shape.Tokens * shape.Experts);
        using var parts = new Scratch((inner + outer) * (shape.Groups - 1), 2 * shape.Groups);
        var expansions = Sums(expansion, inner, parts, shape.Groups);
        var weights = Sums(gates, outer, parts, shape.Groups);
        Workers.Run(Widest(combine, new BackwardPass(shape, operands, gradients, expansions, weights)), shape.Groups, threads);
        Add(expansions, inner);
        Add(weights, outer);
    }

    private static Action<int> Widest(CombineKind combine, IMixPass pass) => combine switch
    {
        CombineKind.GeluTanh => Widest<GeluTanh>(pass),
        _ => Widest<SiluGate>(pass),
    };

    private static Action<int> Widest<TCombine>(IMixPass pass)
        where TCombine : struct, ICombine =>
        Vector512.IsHardwareAccelerated ? pass.Of<Lanes512, TCombine>()
        : Vector256.IsHardwareAccelerated ? pass.Of<Lanes256, TCombine>()
        : pass.Of<Lanes128, TCombine>();

    /// <summary>One sum for each group; the first is the result itself.</summary>
    private static nint[] Sums(float* first, long length, Scratch parts, int groups) =>
        [.. Enumerable.Range(0, groups).Select(group => group == 0 ? (nint)first : (nint)parts.Take(length))];

    private static void Add(nint[] sums, long length)
    {
        foreach (var part in sums.AsSpan(1))
        {
            float* to = (float*)sums[0], from = (float*)part;
            for (var i = 0L; i < length; i++)
            {
                to[i] += from[i];
            }
        }
    }
}
