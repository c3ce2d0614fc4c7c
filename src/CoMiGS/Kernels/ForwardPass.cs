namespace CoMiGS.Kernels;

/// <summary>Forward; <paramref name="sums"/> has v, (N, n, r), once for each group.</summary>
internal sealed unsafe class ForwardPass(MixShape shape, MixOperands operands, void* hidden, nint[] sums) : IMixPass
{
    public Action<int> Of<TLanes, TCombine>()
        where TLanes : struct, ILanes<TLanes>
        where TCombine : struct, ICombine
    {
        var pass = new MixForward<TLanes, TCombine>(shape, operands);
        return group => pass.Run(group, hidden, (float*)sums[group]);
    }
}
