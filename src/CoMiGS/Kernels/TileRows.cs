namespace CoMiGS.Kernels;

/// <summary>Rows of a tile, in float32, for the tokens of a block: (sets, block, width).</summary>
internal readonly unsafe struct TileRows(Scratch scratch, int sets, int block)
{
    private readonly float* _rows = scratch.Take(Floats(sets, block));

    public static long Floats(int sets, int block) => (long)sets * block * MixShape.Width;

    public float* this[int set, int row] => _rows + ((((long)set * block) + row) * MixShape.Width);

    public float* this[int row] => this[0, row];

    public void Clear() => new Span<float>(_rows, sets * block * MixShape.Width).Clear();

    /// <summary>Reads rows <paramref name="begin"/> to <paramref name="begin"/> + <paramref name="count"/> of a matrix from <paramref name="column"/> on.</summary>
    public void Load(int set, RowType type, void* matrix, int begin, int count, int column, int width)
    {
        for (var row = 0; row < count; row++)
        {
            Rows.Load(type, matrix, begin + row, column, width, this[set, row]);
        }
    }

    /// <summary>Writes them.</summary>
    public void Store(int set, RowType type, void* matrix, int begin, int count, int column, int width)
    {
        for (var row = 0; row < count; row++)
        {
            Rows.Store(type, this[set, row], matrix, begin + row, column, width);
        }
    }
}
