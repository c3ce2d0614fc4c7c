namespace CoMiGS.Kernels;

/// <summary>
/// The part of a mixture between its two frozen products, tile by tile, so that no expert's hidden state ever lies in memory:
/// <code>
///   z_ji = P_i + B_ji u_ji        h_j = w_j c(z_j1, ..., z_jm)        H = sum_j h_j        v_j = A_j h_j
/// </code>
/// </summary>
/// <typeparam name="TLanes">The register.</typeparam>
/// <typeparam name="TCombine">c.</typeparam>
internal sealed unsafe class MixForward<TLanes, TCombine>(MixShape shape, MixOperands operands)
    where TLanes : struct, ILanes<TLanes>
    where TCombine : struct, ICombine
{
    /// <summary>Computes the tiles of one group.</summary>
    /// <param name="group">Which.</param>
    /// <param name="hidden">H: (N, f), of the rows' type.</param>
    /// <param name="projection">v: (N, n, r), zero before; the part of the sum that this group's columns contribute.</param>
    public void Run(int group, void* hidden, float* projection)
    {
        using var scratch = new Scratch(Factors.Floats(shape) + TokenBlock.Floats(shape) + TileRows.Floats(1, TokenBlock.Tokens + 1), 6);
        var factors = new Factors(shape, scratch);
        var block = new TokenBlock(shape, scratch);
        var mixed = new TileRows(scratch, 1, TokenBlock.Tokens);
        var weighted = new TileRows(scratch, 1, 1);
        var (tile, end) = shape.TilesOf(group);
        for (; tile < end; tile++)
        {
            var column = tile * MixShape.Width;
            factors.Read(operands, column);
            for (var begin = 0; begin < shape.Tokens; begin += TokenBlock.Tokens)
            {
                var count = Math.Min(TokenBlock.Tokens, shape.Tokens - begin);
                block.Load(operands, begin, count, column);
                mixed.Clear();
                for (var j = 0; j < shape.Experts; j++)
                {
                    for (var row = 0; row < count; row++)
                    {
                        var slot = ((long)(begin + row) * shape.Experts) + j;
                        if (operands.Selected is null || operands.Selected[slot])
                        {
                            block.Expand<TLanes, TCombine>(factors, row, j, operands.Expansion + (slot * shape.Inputs * shape.Rank));
                            Combine(block.First, block.Second, operands.Gates[slot], weighted[0], mixed[row]);
                            LowRank.Project<TLanes>(weighted[0], factors.DownOf(j), shape.Rank, MixShape.Width, projection + (slot * shape.Rank));
                        }
                    }
                }

                mixed.Store(0, operands.Type, hidden, begin, count, column, shape.Hidden);
            }
        }
    }

    private static void Combine(float* first, float* second, float gate, float* weighted, float* mixed)
    {
        var w = TLanes.Of(gate);
        for (var v = 0; v < MixShape.Width; v += TLanes.Count)
        {
            var h = w * TCombine.Forward(TLanes.Load(first + v), TCombine.Inputs == 2 ? TLanes.Load(second + v) : default);
            h.Store(weighted + v);
            (TLanes.Load(mixed + v) + h).Store(mixed + v);
        }
    }
}
