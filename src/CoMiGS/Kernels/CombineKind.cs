namespace CoMiGS.Kernels;

/// <summary>The combine functions of feed-forwards that have a fused kernel.</summary>
public enum CombineKind
{
    /// <summary>GELU by its tanh approximation, over one input projection (GPT-2).</summary>
    GeluTanh,

    /// <summary>SiLU(first) second, over two input projections (Llama).</summary>
    SiluGate,
}
