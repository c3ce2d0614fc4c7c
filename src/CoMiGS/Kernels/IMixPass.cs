namespace CoMiGS.Kernels;

/// <summary>One direction through a mixture, before it is known on which registers and with which combine function it runs.</summary>
internal interface IMixPass
{
    /// <summary>What computes the tiles of a group.</summary>
    Action<int> Of<TLanes, TCombine>()
        where TLanes : struct, ILanes<TLanes>
        where TCombine : struct, ICombine;
}
