namespace CoMiGS.Kernels;

/// <summary>
/// A block of tokens in one tile of columns: its rows of the frozen products, and z of the token at hand. Both passes take one expert after the other over a block, so
/// that the columns of the expert's factors stay in the first cache for all of the block's tokens.
/// </summary>
internal readonly unsafe struct TokenBlock
{
    private readonly MixShape _shape;
    private readonly TileRows _projected; // P_i
    private readonly TileRows _expanded; // z_i of one token

    public TokenBlock(MixShape shape, Scratch scratch)
    {
        _shape = shape;
        _projected = new TileRows(scratch, shape.Inputs, Tokens);
        _expanded = new TileRows(scratch, 2, 1);
    }

    /// <summary>Tokens of a block.</summary>
    public static int Tokens => 32;

    /// <summary>z_1 of the token at hand.</summary>
    public float* First => _expanded[0, 0];

    /// <summary>z_2.</summary>
    public float* Second => _expanded[1, 0];

    public static long Floats(MixShape shape) => TileRows.Floats(shape.Inputs, Tokens) + TileRows.Floats(2, 1);

    public void Load(in MixOperands operands, int begin, int count, int column)
    {
        for (var i = 0; i < _shape.Inputs; i++)
        {
            _projected.Load(i, operands.Type, operands.Projected[i], begin, count, column, _shape.Hidden);
        }
    }

    /// <summary>z_i = P_i + B_i u_i for the one or two inputs.</summary>
    /// <param name="factors">The columns of the factors.</param>
    /// <param name="row">Which token of the block.</param>
    /// <param name="expert">j.</param>
    /// <param name="u">Its expansion by the expert: (m, r).</param>
    public void Expand<TLanes, TCombine>(in Factors factors, int row, int expert, float* u)
        where TLanes : struct, ILanes<TLanes>
        where TCombine : struct, ICombine
    {
        LowRank.Expand<TLanes>(_projected[0, row], u, factors.UpOf(expert, 0), _shape.Rank, MixShape.Width, First);
        if (TCombine.Inputs == 2)
        {
            LowRank.Expand<TLanes>(_projected[1, row], u + _shape.Rank, factors.UpOf(expert, 1), _shape.Rank, MixShape.Width, Second);
        }
    }
}
