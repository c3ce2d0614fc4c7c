using CoMiGS.LibTorch.Interop;

namespace CoMiGS.LibTorch;

/// <summary>What the machine's libtorch is, and whether something about it needs attention. This is CoMiGS's own; TorchSharp has no such class.</summary>
public static class TorchEngine
{
    /// <summary>Loads libtorch and describes it.</summary>
    /// <exception cref="DllNotFoundException">There is no libtorch, or another version than the one this was built against.</exception>
    public static TorchEngineDescription Describe()
    {
        try
        {
            var blas = Native.Text(Native.BlasLibrary());
            return new TorchEngineDescription(
                Native.Text(Native.Version()), blas.Length == 0 ? "" : Resolved(blas), Native.CudaIsAvailable(), Native.NumThreads());
        }
        catch (TypeInitializationException e) when (e.InnerException is DllNotFoundException inner)
        {
            throw new DllNotFoundException(inner.Message, inner);
        }
    }

    /// <summary>Loads libtorch and says in words what is wrong with it.</summary>
    /// <returns>A sentence for each thing that needs attention; none when all is well.</returns>
    /// <exception cref="DllNotFoundException">There is no libtorch, or another version than the one this was built against.</exception>
    public static IReadOnlyList<string> Check()
    {
        var description = Describe();
        return description.HasSlowBlas
            ? [$"libtorch {description.Version} multiplies matrices with the reference BLAS ({description.BlasLibrary}), which is about 30 times "
                + "slower than OpenBLAS. Install libopenblas0-pthread: apt-get install libopenblas0-pthread."]
            : [];
    }

    private static string Resolved(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
}
