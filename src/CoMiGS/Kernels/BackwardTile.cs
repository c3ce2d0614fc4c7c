namespace CoMiGS.Kernels;

/// <summary>What the backward pass holds of a block of tokens in one tile of columns.</summary>
internal readonly unsafe struct BackwardTile
{
    private readonly MixShape _shape;
    private readonly float* _inner; // u_ji of the tokens taken so far, input by input: rows of r
    private readonly float* _outer; // w_j g_j of them: rows of r

    public BackwardTile(MixShape shape, Scratch scratch)
    {
        _shape = shape;
        Block = new TokenBlock(shape, scratch);
        Incoming = new TileRows(scratch, 1, TokenBlock.Tokens);
        Outgoing = new TileRows(scratch, shape.Inputs, TokenBlock.Tokens);
        States = new TileRows(scratch, 1, TokenBlock.Tokens);
        Changes = new TileRows(scratch, shape.Inputs, TokenBlock.Tokens);
        Error = new TileRows(scratch, 1, 1);
        _inner = scratch.Take((long)TokenBlock.Tokens * shape.Inputs * shape.Rank);
        _outer = scratch.Take((long)TokenBlock.Tokens * shape.Rank);
    }

    /// <summary>Pieces of scratch memory that it takes.</summary>
    public static int Pieces => 9;

    /// <summary>P and z.</summary>
    public TokenBlock Block { get; }

    /// <summary>G of the block.</summary>
    public TileRows Incoming { get; }

    /// <summary>dP_i of the block, input by input.</summary>
    public TileRows Outgoing { get; }

    /// <summary>c(z) of the tokens taken so far.</summary>
    public TileRows States { get; }

    /// <summary>d_ji of them, input by input.</summary>
    public TileRows Changes { get; }

    /// <summary>e of the token at hand.</summary>
    public TileRows Error { get; }

    public static long Floats(MixShape shape) =>
        TokenBlock.Floats(shape) + TileRows.Floats(2 + (2 * shape.Inputs), TokenBlock.Tokens) + TileRows.Floats(1, 1) + (TokenBlock.Tokens * (shape.Inputs + 1L) * shape.Rank);

    public void Begin(in MixOperands operands, void* hidden, int begin, int count, int column)
    {
        Block.Load(operands, begin, count, column);
        Incoming.Load(0, operands.Type, hidden, begin, count, column, _shape.Hidden);
        Outgoing.Clear();
    }

    /// <summary>Notes the low-rank side of a token.</summary>
    public void Take(int taken, float* expansion, float* outer, float gate)
    {
        for (var i = 0; i < _shape.Inputs; i++)
        {
            new ReadOnlySpan<float>(expansion + ((long)i * _shape.Rank), _shape.Rank).CopyTo(new Span<float>(Inner(i) + ((long)taken * _shape.Rank), _shape.Rank));
        }

        for (var q = 0; q < _shape.Rank; q++)
        {
            _outer[(taken * _shape.Rank) + q] = gate * outer[q];
        }
    }

    /// <summary>Adds the gradients of the factors of one expert.</summary>
    public void AddTo<TLanes>(in Factors sums, int expert, int taken)
        where TLanes : struct, ILanes<TLanes>
    {
        for (var i = 0; i < _shape.Inputs; i++)
        {
            LowRank.AddOuter<TLanes>(Inner(i), _shape.Rank, Changes[i, 0], taken, _shape.Rank, MixShape.Width, sums.UpOf(expert, i));
        }

        LowRank.AddOuter<TLanes>(_outer, _shape.Rank, States[0], taken, _shape.Rank, MixShape.Width, sums.DownOf(expert));
    }

    public void End(RowType type, void** projected, int begin, int count, int column)
    {
        for (var i = 0; i < _shape.Inputs; i++)
        {
            Outgoing.Store(i, type, projected[i], begin, count, column, _shape.Hidden);
        }
    }

    private float* Inner(int input) => _inner + ((long)input * TokenBlock.Tokens * _shape.Rank);
}
