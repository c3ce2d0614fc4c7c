using System.Reflection;
using System.Runtime.InteropServices;

namespace CoMiGS.LibTorch.Interop;

/// <summary>Finds libcomigs_torch.so beside the application and says in words what is missing when it does not load.</summary>
internal static class NativeLibraryLoader
{
    public static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraryLoader).Assembly, Resolve);

    /// <summary>The places where the shim may lie, in the order in which they are tried.</summary>
    public static IEnumerable<string> Candidates()
    {
        var rid = $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        var beside = Path.GetDirectoryName(typeof(NativeLibraryLoader).Assembly.Location);
        foreach (var folder in new[] { AppContext.BaseDirectory, beside }.Where(f => !string.IsNullOrEmpty(f)).Distinct())
        {
            yield return Path.Combine(folder!, "runtimes", rid, "native", "libcomigs_torch.so");
            yield return Path.Combine(folder!, "libcomigs_torch.so");
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name == "libc")
        {
            return NativeLibrary.Load("libc.so.6");
        }

        // libgomp and OpenBLAS read these once, when they are loaded. Their threads otherwise spin while they wait for work, which makes a training step over
        // ten times slower as soon as another process wants the same cores, and takes time from the threads that compute between two products. Values of the user's own stand.
        _ = SetEnvironment("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);
        _ = SetEnvironment("OPENBLAS_THREAD_TIMEOUT", "4", overwrite: 0); // the least it takes: 2^4 cycles
        var file = Candidates().FirstOrDefault(File.Exists);
        try
        {
            return file is null ? NativeLibrary.Load(name, assembly, search) : NativeLibrary.Load(file);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException(Explain(file, e.Message), e);
        }
    }

    // Environment.SetEnvironmentVariable does not reach native code on Unix.
    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetEnvironment([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);

    private static string Explain(string? file, string reason) => file is null
        ? "libcomigs_torch.so was not found beside the application. It is built with CoMiGS.LibTorch (./build.sh setup) and lies in "
            + $"runtimes/<rid>/native. Looked in: {string.Join(", ", Candidates())}."
        : "libtorch was not found, or it is another version than the one CoMiGS.LibTorch was built against: install libtorch-dev and "
            + $"libopenblas0-pthread, or set LIBTORCH to an unpacked libtorch, and build again. The loader says: {reason}";
}
