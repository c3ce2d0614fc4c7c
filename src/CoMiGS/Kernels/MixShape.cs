namespace CoMiGS.Kernels;

/// <summary>Sizes of a mixture of low-rank experts over one frozen feed-forward.</summary>
/// <param name="Tokens">N.</param>
/// <param name="Hidden">f.</param>
/// <param name="Inputs">m, input projections.</param>
/// <param name="Experts">n.</param>
/// <param name="Rank">r, the same for all.</param>
internal sealed record MixShape(int Tokens, int Hidden, int Inputs, int Experts, int Rank)
{
    /// <summary>Columns of the hidden state that are worked on at a time: the factors' columns stay in the second cache, a row in the first.</summary>
    private const int Columns = 256;

    /// <summary>Sums over columns are kept apart for so many groups of tiles and added in their order, so that results do not depend on the number of threads.</summary>
    private const int MostGroups = 8;

    /// <summary>Numbers in a row of a tile; a multiple of every register's.</summary>
    public static int Width => Columns;

    /// <summary>Tiles that make up the hidden width; the last may be narrower.</summary>
    public int Tiles => (Hidden + Columns - 1) / Columns;

    /// <summary>Groups of tiles.</summary>
    public int Groups => Math.Min(Tiles, MostGroups);

    /// <summary>Numbers that one token's expansion has: n m r.</summary>
    public int Expansion => Experts * Inputs * Rank;

    /// <summary>Numbers that one token's projection has: n r.</summary>
    public int Projection => Experts * Rank;

    /// <summary>The tiles of a group.</summary>
    public (int First, int End) TilesOf(int group) => (group * Tiles / Groups, (group + 1) * Tiles / Groups);
}
