namespace CoMiGS.Reference.Tests;

/// <summary>What a <see cref="Pass"/> stands for.</summary>
internal static class Passes
{
    public static ScalarType Type(this Pass pass) => pass == Pass.Exact ? ScalarType.Float64 : ScalarType.Float32;

    public static bool UsesKernel(this Pass pass) => pass == Pass.Fused;
}
