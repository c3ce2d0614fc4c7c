namespace CoMiGS.Layers;

/// <summary>
/// What one <see cref="MoeFeedForward"/> needs of memory in an expert step, in numbers of four bytes, counted off its code. A frozen linear map keeps nothing;
/// an adapter keeps its input and s A x. N tokens, d width, f hidden width, m input projections, n experts of rank r, k of them per token, c numbers kept by Combine:
/// <code>
///   kept,  all experts on all tokens:   N (d + n (c f + f + g f + (m + 1) r) + 3 n)
///   kept,  k of n per token:            N (    k (c f + f + g f + (m + 1) r + 2 d + 3) + 3 n)
///   while it runs, all on all:          N (m f + n m f + (1 - g) n f + n (m + 1) r + max((n - 1) f + (2 n + 1) d, max(0, n - 2) f + (c - 1) f))
///   while it runs, k of n:              N (m f + 2 k m f + k (m + 1) r + f + 4 d)
/// </code>
/// c f are what Combine keeps, f the weighted hidden state; g is 1 where a router is learnt, because its gradient needs the unweighted one, else 0; 2 d are the gathered
/// input and the low-rank output of the tokens of an expert, 3 their positions (64-bit) and gate. While it runs, the block's dispose scope also holds the frozen
/// products, their gathered rows, the low-rank products and the sums; the second of the two terms is the moment when the last expert combines, with as many
/// numbers in passing as it will keep.
/// </summary>
/// <param name="Width">d.</param>
/// <param name="Hidden">f.</param>
/// <param name="Inputs">m.</param>
/// <param name="KeptByCombine">c.</param>
/// <param name="HasKernel">Whether a fused kernel takes the composed operators' place where it fits (<see cref="FusedBlockMemory"/>).</param>
internal sealed record BlockMemory(long Width, long Hidden, long Inputs, long KeptByCombine, bool HasKernel)
{
    public static BlockMemory Of(IFeedForward block, bool useKernel) =>
        new(block.Output.Linear.out_features, block.Output.Linear.in_features, block.Inputs.Count, block.KeptByCombine, useKernel && block.Kernel is not null);

    /// <summary>Numbers in the adapters of all experts and in the router.</summary>
    public long Trained(ExpertLayout layout)
    {
        var adapters = layout.Lora.Rank * ((Inputs + 1) * (Width + Hidden));
        return layout.Experts * (adapters + (layout.Router == RouterKind.TopK ? Width + (layout.RouterBias ? 1 : 0) : 0));
    }

    /// <summary>Numbers that stay for the backward pass.</summary>
    public long Kept(ExpertLayout layout, long tokens)
    {
        if (Fuses(layout))
        {
            return FusedBlockMemory.Kept(this, layout, tokens);
        }

        var learnt = layout.Router == RouterKind.TopK;
        var dropout = layout.Lora.Dropout > 0 ? 2 * ((Inputs * Width) + Hidden) : 0; // the noise, and an input that is no longer shared
        var expert = ((KeptByCombine + 1 + (learnt ? 1 : 0)) * Hidden) + ((Inputs + 1) * layout.Lora.Rank) + dropout;
        var routing = 3L * layout.Experts;
        return tokens * (IsSparse(layout) ? (layout.TopK * (expert + (2 * Width) + 3)) + routing : Width + (layout.Experts * expert) + routing);
    }

    /// <summary>The most numbers that the block holds beyond those that stay: when its last expert combines, or at its end.</summary>
    public long Workspace(ExpertLayout layout, long tokens)
    {
        if (Fuses(layout))
        {
            return FusedBlockMemory.Workspace(this, layout, tokens);
        }

        var sparse = IsSparse(layout);
        var taken = sparse ? layout.TopK : layout.Experts;
        var products = (Inputs + (taken * Inputs * (sparse ? 2 : 1)) + (layout.Router == RouterKind.TopK ? 0 : taken)) * Hidden;
        var combining = (Math.Max(0, taken - 2) + KeptByCombine - 1) * Hidden;
        var ending = sparse ? Hidden + (4 * Width) : ((taken - 1) * Hidden) + (((2 * taken) + 1) * Width);
        return tokens * (products + (taken * (Inputs + 1) * layout.Lora.Rank) + (sparse ? ending : Math.Max(combining, ending)));
    }

    private bool Fuses(ExpertLayout layout) => HasKernel && layout.Lora.Dropout == 0;

    private static bool IsSparse(ExpertLayout layout) => layout.TopK < layout.Experts;
}
