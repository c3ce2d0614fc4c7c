using CoMiGS.Kernels;

namespace CoMiGS.Layers;

/// <summary>
/// What a block needs of memory in an expert step when its mixture is one fused pass, in numbers of four bytes. Letters as in <see cref="BlockMemory"/>; G are the
/// groups of columns whose sums are kept apart:
/// <code>
///   kept                        N (d + m f + n (m + 1) r + 3 n) + n (m + 1) r d
///   while it runs, forward      N (f + 4 d + n m r + G n r)
///   while it runs, backward     N ((m + 1) f + d + G n (m r + 1))
/// </code>
/// Kept are the input, the frozen products, the two low-rank sides of every expert, the routing, and the stacked factors that multiply the input and the low-rank
/// output; no expert's hidden state.
/// </summary>
internal static class FusedBlockMemory
{
    public static long Kept(BlockMemory block, ExpertLayout layout, long tokens)
    {
        var sides = layout.Experts * (block.Inputs + 1) * layout.Lora.Rank;
        return (tokens * (block.Width + (block.Inputs * block.Hidden) + sides + (3L * layout.Experts))) + (sides * block.Width);
    }

    public static long Workspace(BlockMemory block, ExpertLayout layout, long tokens)
    {
        var groups = new MixShape((int)tokens, (int)block.Hidden, (int)block.Inputs, layout.Experts, layout.Lora.Rank).Groups;
        var inner = layout.Experts * block.Inputs * layout.Lora.Rank;
        var forward = block.Hidden + (4 * block.Width) + inner + ((long)groups * layout.Experts * layout.Lora.Rank);
        var backward = ((block.Inputs + 1) * block.Hidden) + block.Width + (groups * (inner + layout.Experts));
        return tokens * Math.Max(forward, backward);
    }
}
