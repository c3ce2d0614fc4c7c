namespace CoMiGS.Torch.Tests.Memory;

/// <summary>Counts native tensors.</summary>
internal static class LiveTensors
{
    /// <summary>Those that somebody holds: what earlier tests left to the finalizer is gone, and cannot go while a test counts.</summary>
    public static long Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
