using System.Runtime.InteropServices;

namespace CoMiGS.Bench.Harness;

/// <summary>What was measured on.</summary>
/// <param name="Processor">Name of the processor.</param>
/// <param name="Cores">How many cores there are.</param>
/// <param name="Threads">How many threads one torch operator uses.</param>
/// <param name="MemoryBytes">Memory of the machine.</param>
/// <param name="System">Its operating system.</param>
/// <param name="Torch">Version of libtorch.</param>
/// <param name="Runtime">Version of .NET.</param>
internal sealed record Machine(string Processor, int Cores, int Threads, long MemoryBytes, string System, string Torch, string Runtime)
{
    private const string Processors = "/proc/cpuinfo";

    /// <summary>This one.</summary>
    public static Machine Describe() => new(
        Field(Processors, "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        Field("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? RuntimeInformation.OSDescription,
        TorchSharp.torch.__version__,
        Environment.Version.ToString());

    /// <summary>In one line.</summary>
    public override string ToString() =>
        $"{Processor}, {Cores} cores, {MemoryBytes / 1e9:0} GB; {System}, libtorch {Torch}, .NET {Runtime}; {Threads} torch threads";

    private static string? Field(string file, string name, char separator = ':') => !File.Exists(file)
        ? null
        : File.ReadLines(file).Where(line => line.StartsWith(name, StringComparison.Ordinal)).Select(line => line[(line.IndexOf(separator, StringComparison.Ordinal) + 1)..].Trim()).FirstOrDefault();
}
