namespace CoMiGS.Kernels;

/// <summary>The columns of all factors that one tile needs, packed so that each is a contiguous row: B transposed, (n, m, r, width), and A, (n, r, width).</summary>
internal readonly unsafe struct Factors
{
    private readonly MixShape _shape;

    public Factors(MixShape shape, Scratch scratch)
    {
        _shape = shape;
        Up = scratch.Take((long)shape.Expansion * MixShape.Width);
        Down = scratch.Take((long)shape.Projection * MixShape.Width);
    }

    public static long Floats(MixShape shape) => ((long)shape.Expansion + shape.Projection) * MixShape.Width;

    private float* Up { get; }

    private float* Down { get; }

    /// <summary>B of one expert and input: (r, width).</summary>
    public float* UpOf(int expert, int input) => Up + ((((long)expert * _shape.Inputs) + input) * _shape.Rank * MixShape.Width);

    /// <summary>A of one expert: (r, width).</summary>
    public float* DownOf(int expert) => Down + ((long)expert * _shape.Rank * MixShape.Width);

    public void Clear()
    {
        new Span<float>(Up, _shape.Expansion * MixShape.Width).Clear();
        new Span<float>(Down, _shape.Projection * MixShape.Width).Clear();
    }

    public void Read(in MixOperands operands, int column)
    {
        var count = Math.Min(_shape.Hidden - column, MixShape.Width);
        for (var j = 0; j < _shape.Experts; j++)
        {
            for (var i = 0; i < _shape.Inputs; i++)
            {
                var source = operands.Up[(j * _shape.Inputs) + i] + ((long)column * _shape.Rank);
                var target = UpOf(j, i);
                for (var v = 0; v < count; v++)
                {
                    for (var q = 0; q < _shape.Rank; q++)
                    {
                        target[(q * MixShape.Width) + v] = source[(v * _shape.Rank) + q];
                    }
                }
            }

            for (var q = 0; q < _shape.Rank; q++)
            {
                Rows.Load(RowType.Float32, operands.Down[j], q, column, _shape.Hidden, DownOf(j) + ((long)q * MixShape.Width));
            }
        }
    }

    /// <summary>Writes the columns to matrices of the factors' own shapes.</summary>
    public void Write(float** up, float** down, int column)
    {
        var count = Math.Min(_shape.Hidden - column, MixShape.Width);
        for (var j = 0; j < _shape.Experts; j++)
        {
            for (var i = 0; i < _shape.Inputs; i++)
            {
                var target = up[(j * _shape.Inputs) + i] + ((long)column * _shape.Rank);
                var source = UpOf(j, i);
                for (var v = 0; v < count; v++)
                {
                    for (var q = 0; q < _shape.Rank; q++)
                    {
                        target[(v * _shape.Rank) + q] = source[(q * MixShape.Width) + v];
                    }
                }
            }

            for (var q = 0; q < _shape.Rank; q++)
            {
                Rows.Store(RowType.Float32, DownOf(j) + ((long)q * MixShape.Width), down[j], q, column, _shape.Hidden);
            }
        }
    }
}
