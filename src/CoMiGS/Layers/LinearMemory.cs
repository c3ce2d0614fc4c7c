using TorchSharp.Modules;

namespace CoMiGS.Layers;

/// <summary>
/// What one <see cref="LinearExperts"/> needs of memory in an expert step, in numbers of four bytes, counted off its code. N tokens, i input and o output features,
/// n experts of rank r, k of them per token; g is 1 where a router is learnt, because a gate's gradient needs what it weighs:
/// <code>
///   kept,  all experts on all tokens:   N (i + n (r + g o) + 3 n)
///   kept,  k of n per token:            N (i + k (i + r + g o + 3) + 3 n)
///   while it runs, all on all:          N (n (r + o) + (n - 1) o + 2 o)
///   while it runs, k of n:              N (k (i + r + 2 o) + 3 o)
/// </code>
/// The input is counted for every layer, also where several share one: an upper bound then.
/// </summary>
/// <param name="Inputs">i.</param>
/// <param name="Outputs">o.</param>
internal sealed record LinearMemory(long Inputs, long Outputs)
{
    public static LinearMemory Of(Linear layer) => new(layer.in_features, layer.out_features);

    /// <summary>Numbers in the adapters of all experts and in the router.</summary>
    public long Trained(ExpertLayout layout) =>
        layout.Experts * ((layout.Lora.Rank * (Inputs + Outputs)) + (layout.Router == RouterKind.TopK ? Inputs : 0));

    /// <summary>Numbers that stay for the backward pass.</summary>
    public long Kept(ExpertLayout layout, long tokens)
    {
        var expert = layout.Lora.Rank + (layout.Router == RouterKind.TopK ? Outputs : 0) + (layout.Lora.Dropout > 0 ? 2 * Inputs : 0);
        return tokens * (Inputs + (3L * layout.Experts) + (IsSparse(layout) ? layout.TopK * (Inputs + expert + 3) : layout.Experts * expert));
    }

    /// <summary>The most numbers that it holds beyond those that stay.</summary>
    public long Workspace(ExpertLayout layout, long tokens)
    {
        var (taken, rank) = (IsSparse(layout) ? layout.TopK : layout.Experts, layout.Lora.Rank);
        return tokens * (IsSparse(layout) ? (taken * (Inputs + rank + (2 * Outputs))) + (3 * Outputs) : (taken * (rank + Outputs)) + ((taken + 1) * Outputs));
    }

    private static bool IsSparse(ExpertLayout layout) => layout.TopK < layout.Experts;
}
