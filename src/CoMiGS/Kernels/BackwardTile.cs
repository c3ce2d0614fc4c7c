namespace CoMiGS.Kernels;

/// <summary>What the backward pass holds of a block of tokens in one tile of columns.</summary>
internal readonly unsafe struct BackwardTile
{
    private readonly MixShape _shape;
    private readonly int _block;
    private readonly float* _incoming; // G of the block
    private readonly float* _outgoing; // dP_i of the block, input by input
    private readonly float* _states; // c(z) of the tokens taken so far
    private readonly float* _changes; // d_ji of them, input by input
    private readonly float* _inner; // u_ji of them, input by input: rows of r
    private readonly float* _outer; // w_j g_j of them: rows of r

    public BackwardTile(MixShape shape, Scratch scratch, int block)
    {
        (_shape, _block) = (shape, block);
        var rows = (long)block * MixShape.Width;
        _incoming = scratch.Take(rows);
        _outgoing = scratch.Take(shape.Inputs * rows);
        _states = scratch.Take(rows);
        _changes = scratch.Take(shape.Inputs * rows);
        First = scratch.Take(MixShape.Width);
        Second = scratch.Take(MixShape.Width);
        Error = scratch.Take(MixShape.Width);
        _inner = scratch.Take((long)block * shape.Inputs * shape.Rank);
        _outer = scratch.Take((long)block * shape.Rank);
    }

    /// <summary>z_1 of the token at hand.</summary>
    public float* First { get; }

    /// <summary>z_2.</summary>
    public float* Second { get; }

    /// <summary>e.</summary>
    public float* Error { get; }

    public float* Incoming(int row) => _incoming + ((long)row * MixShape.Width);

    public float* Outgoing(int input, int row) => _outgoing + ((((long)input * _block) + row) * MixShape.Width);

    public float* State(int taken) => _states + ((long)taken * MixShape.Width);

    public float* Change(int input, int taken) => _changes + ((((long)input * _block) + taken) * MixShape.Width);

    public void Begin(RowType type, void* hidden, int begin, int count, int column)
    {
        for (var row = 0; row < count; row++)
        {
            Rows.Load(type, hidden, begin + row, column, _shape.Hidden, Incoming(row));
        }

        new Span<float>(_outgoing, _shape.Inputs * _block * MixShape.Width).Clear();
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
            LowRank.AddOuter<TLanes>(Inner(i), _shape.Rank, Change(i, 0), taken, _shape.Rank, MixShape.Width, sums.UpOf(expert, i));
        }

        LowRank.AddOuter<TLanes>(_outer, _shape.Rank, State(0), taken, _shape.Rank, MixShape.Width, sums.DownOf(expert));
    }

    public void End(RowType type, void** projected, int begin, int count, int column)
    {
        for (var i = 0; i < _shape.Inputs; i++)
        {
            for (var row = 0; row < count; row++)
            {
                Rows.Store(type, Outgoing(i, row), projected[i], begin + row, column, _shape.Hidden);
            }
        }
    }

    private float* Inner(int input) => _inner + ((long)input * _block * _shape.Rank);
}
