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

    /// <summary>By how many the count is too high for good once so many parameters were made: TorchSharp never takes back the tensor whose handle a parameter took.</summary>
    public static long TooMany(int parameters)
    {
#if TORCH_SYSTEM
        _ = parameters;
        return 0;
#else
        return parameters;
#endif
    }
}
