using System.Globalization;

namespace CoMiGS.Bench.Harness;

/// <summary>Resident memory of this process in bytes, and the high-water mark of it that Linux keeps.</summary>
public static class ResidentMemory
{
    private const string Status = "/proc/self/status", Reset = "/proc/self/clear_refs", PeakOnly = "5";
    private const int Kibibyte = 1024;

    /// <summary>
    /// Variables for a process whose memory is measured. glibc returns a block to the system at once only if it was mapped for itself: so from 64 KiB on, and not from a size that it learns.
    /// </summary>
    public static IReadOnlyList<(string Name, string Value)> ReturnedAtOnce { get; } = [("MALLOC_MMAP_THRESHOLD_", "65536"), ("MALLOC_TRIM_THRESHOLD_", "65536")];

    /// <summary>At this moment.</summary>
    public static long Now => Field("VmRSS");

    /// <summary>The most since <see cref="ResetPeak"/>.</summary>
    public static long Peak => Field("VmHWM");

    /// <summary>Lowers the mark to what is resident now.</summary>
    public static void ResetPeak() => File.WriteAllText(Reset, PeakOnly);

    /// <summary>Gives back what .NET no longer needs.</summary>
    public static void Collect()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private static long Field(string name) =>
        Kibibyte * long.Parse(File.ReadLines(Status).First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(':', 2)[1].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
}
