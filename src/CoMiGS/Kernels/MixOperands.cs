namespace CoMiGS.Kernels;

/// <summary>Where the operands of a mixture lie in memory; all are contiguous.</summary>
internal unsafe struct MixOperands
{
    /// <summary>Type of the rows of the frozen products, the mixed hidden state and their gradients.</summary>
    public RowType Type;

    /// <summary>P: m pointers to (N, f).</summary>
    public void** Projected;

    /// <summary>u = s A x: (N, n, m, r).</summary>
    public float* Expansion;

    /// <summary>B of the input projections: n m pointers to (f, r).</summary>
    public float** Up;

    /// <summary>A of the output projection: n pointers to (r, f).</summary>
    public float** Down;

    /// <summary>w: (N, n).</summary>
    public float* Gates;

    /// <summary>(N, n): who is selected; null where every token takes all experts.</summary>
    public bool* Selected;
}
