using static TorchSharp.torch;

namespace CoMiGS.Tests;

/// <summary>Counts the tensors of the process without those that an earlier test has dropped and nobody has collected yet.</summary>
internal static class LiveTensors
{
    public static long Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
