using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CoMiGS.Bench.Engine;

/// <summary>The same step in C++, compiled here against the libtorch that this process uses.</summary>
internal sealed unsafe class CppMlp
{
    private const string Script = "src/CoMiGS.LibTorch/native/build-native.sh", Library = "artifacts/bench/libmlp_step.so";

    private readonly delegate* unmanaged<void*, long, void> _steps;
    private readonly void* _mlp;

    private CppMlp(nint library, MlpSize size)
    {
        _steps = (delegate* unmanaged<void*, long, void>)NativeLibrary.GetExport(library, "comigs_mlp_steps");
        _mlp = ((delegate* unmanaged<long, long, long, void*>)NativeLibrary.GetExport(library, "comigs_mlp_new"))(size.Batch, size.Width, size.Hidden);
    }

    /// <summary>A model.</summary>
    /// <param name="library">What <see cref="Compile"/> returned.</param>
    /// <param name="size">Its size.</param>
    public static CppMlp Of(nint library, MlpSize size) => new(library, size);

    /// <summary>Makes steps.</summary>
    public void Run(int steps) => _steps(_mlp, steps);

    /// <summary>Compiles the step, unless that was done.</summary>
    /// <param name="why">Why it could not be.</param>
    /// <returns>The library; 0 where there is none.</returns>
    public static nint Compile(out string why)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "Engine", "mlp_step.cpp");
        why = "";
        if (typeof(TorchSharp.torch).Assembly.GetName().Name != "CoMiGS.LibTorch")
        {
            why = "this engine is TorchSharp's package, which has no headers to compile against";
            return 0;
        }

        if (!File.Exists(Library) || File.GetLastWriteTimeUtc(Library) < File.GetLastWriteTimeUtc(source))
        {
            using var compiler = Process.Start(new ProcessStartInfo("bash", [Script, source, Library]) { RedirectStandardError = true })!;
            var errors = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            if (compiler.ExitCode != 0)
            {
                why = errors.Trim().Split('\n')[0];
                return 0;
            }
        }

        return NativeLibrary.Load(Path.GetFullPath(Library));
    }
}
