namespace CoMiGS.Kernels;

/// <summary>Backward; <paramref name="expansions"/> and <paramref name="gates"/> have du, (N, n, m, r), and dw, (N, n), once for each group.</summary>
internal sealed unsafe class BackwardPass(MixShape shape, MixOperands operands, MixGradients gradients, nint[] expansions, nint[] gates) : IMixPass
{
    public Action<int> Of<TLanes, TCombine>()
        where TLanes : struct, ILanes<TLanes>
        where TCombine : struct, ICombine
    {
        var pass = new MixBackward<TLanes, TCombine>(shape, operands, gradients);
        return group => pass.Run(group, (float*)expansions[group], (float*)gates[group]);
    }
}
