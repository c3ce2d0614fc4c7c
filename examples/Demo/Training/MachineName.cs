using System.Runtime.InteropServices;

namespace CoMiGS.Demo.Training;

/// <summary>The machine in a few words, for the report.</summary>
internal static class MachineName
{
    private const string CpuInfo = "/proc/cpuinfo";

    public static string Get()
    {
        var cores = $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
        return Processor() is { } processor ? $"{processor}, {cores}" : cores;
    }

    private static string? Processor() =>
        File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
}
