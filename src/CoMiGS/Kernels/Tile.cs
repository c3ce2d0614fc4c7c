namespace CoMiGS.Kernels;

/// <summary>What both passes compute for one token, expert and tile of columns.</summary>
internal static unsafe class Tile
{
    /// <summary>z_i = P_i + B_i u_i for the one or two inputs.</summary>
    public static void Expand<TLanes, TCombine>(
        MixShape shape, in MixOperands operands, in Factors factors, int token, int expert, int column, float* first, float* second)
        where TLanes : struct, ILanes<TLanes>
        where TCombine : struct, ICombine
    {
        var u = operands.Expansion + ((((long)token * shape.Experts) + expert) * shape.Inputs * shape.Rank);
        Rows.Load(operands.Type, operands.Projected[0], token, column, shape.Hidden, first);
        LowRank.Expand<TLanes>(first, u, factors.UpOf(expert, 0), shape.Rank, MixShape.Width, first);
        if (TCombine.Inputs == 2)
        {
            Rows.Load(operands.Type, operands.Projected[1], token, column, shape.Hidden, second);
            LowRank.Expand<TLanes>(second, u + shape.Rank, factors.UpOf(expert, 1), shape.Rank, MixShape.Width, second);
        }
    }
}
