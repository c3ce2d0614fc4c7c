using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace CoMiGS.Bench.Harness;

/// <summary>Which kernels OpenBLAS is told to use.</summary>
/// <param name="Name">What tables call the setting.</param>
/// <param name="CoreType">Value of <c>OPENBLAS_CORETYPE</c>; null where it is unset.</param>
internal sealed record BlasSetting(string Name, string? CoreType)
{
    private const string Variable = "OPENBLAS_CORETYPE";

    /// <summary>OpenBLAS's own choice, by the processor's model.</summary>
    public static BlasSetting Default { get; } = new("default", null);

    /// <summary>What the processor's instructions ask for, as <c>build/torch.sh</c> sets it.</summary>
    public static BlasSetting Detected { get; } = new("detected", OfProcessor());

    /// <summary>Both.</summary>
    public static IReadOnlyList<BlasSetting> Both { get; } = [Detected, Default];

    /// <summary>The environment of a process with this setting and no other of OpenBLAS; an empty value unsets.</summary>
    public (string Name, string Value)[] Environment =>
    [
        .. System.Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("OPENBLAS_", StringComparison.Ordinal)).Select(name => (name, "")),
        (Variable, CoreType ?? ""),
    ];

    /// <summary>The kernels that this process uses; empty where its BLAS is not OpenBLAS.</summary>
    public static unsafe string KernelInUse()
    {
        if (!NativeLibrary.TryLoad("libblas.so.3", out var library) || !NativeLibrary.TryGetExport(library, "openblas_get_corename", out var function))
        {
            return "";
        }

        return Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)function)()) ?? "";
    }

    private static string? OfProcessor() =>
        !X86Base.IsSupported ? null
        : Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512CD.IsSupported && Avx512F.VL.IsSupported ? "SkylakeX"
        : Avx2.IsSupported && Fma.IsSupported ? "Haswell"
        : null;
}
