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
        Action<int> run = combine switch
        {
            CombineKind.GeluTanh => ForwardOf<GeluTanh>(shape, operands, hidden, sums),
            _ => ForwardOf<SiluGate>(shape, operands, hidden, sums),
        };
        Run(run, shape.Groups, threads);
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
        Action<int> run = combine switch
        {
            CombineKind.GeluTanh => BackwardOf<GeluTanh>(shape, operands, gradients, expansions, weights),
            _ => BackwardOf<SiluGate>(shape, operands, gradients, expansions, weights),
        };
        Run(run, shape.Groups, threads);
        Add(expansions, inner);
        Add(weights, outer);
    }

    private static Action<int> ForwardOf<TCombine>(MixShape shape, MixOperands operands, void* hidden, nint[] sums)
        where TCombine : struct, ICombine
    {
        if (Vector512.IsHardwareAccelerated)
        {
            var pass = new MixForward<Lanes512, TCombine>(shape, operands);
            return group => pass.Run(group, hidden, (float*)sums[group]);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            var pass = new MixForward<Lanes256, TCombine>(shape, operands);
            return group => pass.Run(group, hidden, (float*)sums[group]);
        }

        var narrow = new MixForward<Lanes128, TCombine>(shape, operands);
        return group => narrow.Run(group, hidden, (float*)sums[group]);
    }

    private static Action<int> BackwardOf<TCombine>(MixShape shape, MixOperands operands, MixGradients gradients, nint[] expansions, nint[] gates)
        where TCombine : struct, ICombine
    {
        if (Vector512.IsHardwareAccelerated)
        {
            var pass = new MixBackward<Lanes512, TCombine>(shape, operands, gradients);
            return group => pass.Run(group, (float*)expansions[group], (float*)gates[group]);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            var pass = new MixBackward<Lanes256, TCombine>(shape, operands, gradients);
            return group => pass.Run(group, (float*)expansions[group], (float*)gates[group]);
        }

        var narrow = new MixBackward<Lanes128, TCombine>(shape, operands, gradients);
        return group => narrow.Run(group, (float*)expansions[group], (float*)gates[group]);
    }

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

    private static void Run(Action<int> group, int groups, int threads)
    {
        if (threads == 1 || groups == 1)
        {
            for (var i = 0; i < groups; i++)
            {
                group(i);
            }

            return;
        }

        Parallel.For(0, groups, new ParallelOptions { MaxDegreeOfParallelism = threads }, group);
    }
}
