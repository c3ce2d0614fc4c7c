namespace CoMiGS.Kernels;

/// <summary>Where the gradients of a mixture come from and go to; all are contiguous.</summary>
internal unsafe struct MixGradients
{
    /// <summary>dL/dH: (N, f), of the rows' type.</summary>
    public void* Hidden;

    /// <summary>dL/dv: (N, n, r).</summary>
    public float* Projection;

    /// <summary>dL/dP: m pointers to (N, f), of the rows' type; written.</summary>
    public void** Projected;

    /// <summary>dL/dB: n m pointers to (f, r); written. Null where nobody asks for the factors' gradients.</summary>
    public float** Up;

    /// <summary>dL/dA: n pointers to (r, f); written. Null together with <see cref="Up"/>.</summary>
    public float** Down;
}
