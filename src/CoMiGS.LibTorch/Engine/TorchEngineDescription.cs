namespace CoMiGS.LibTorch;

/// <summary>What the machine's libtorch is.</summary>
/// <param name="Version">The version it was built against, such as 1.13.1.</param>
/// <param name="BlasLibrary">The file that multiplies float32 matrices; empty when it is part of libtorch.</param>
/// <param name="Cuda">Whether there is a CUDA device that it can use.</param>
/// <param name="Threads">How many threads one operator uses.</param>
public sealed record TorchEngineDescription(string Version, string BlasLibrary, bool Cuda, int Threads)
{
    /// <summary>Whether the reference BLAS is loaded, which is some 30 times slower than OpenBLAS.</summary>
    public bool HasSlowBlas => BlasLibrary.Contains("/blas/libblas", StringComparison.Ordinal)
        && !BlasLibrary.Contains("openblas", StringComparison.OrdinalIgnoreCase);
}
