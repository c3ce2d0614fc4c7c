using System.Globalization;

namespace CoMiGS.Experiments.Running;

/// <summary>The largest resident memory of this process since a moment, where the system keeps it: Linux.</summary>
internal static class PeakMemory
{
    private const string Reset = "/proc/self/clear_refs", Status = "/proc/self/status", Peak = "VmHWM:";
    private const double KibibytesPerMegabyte = 1024;

    /// <summary>Forgets what was before.</summary>
    /// <returns>Whether the system can do that.</returns>
    public static bool Begin()
    {
        try
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            File.WriteAllText(Reset, "5"); // resets VmHWM, proc_pid_clear_refs(5)
            return true;
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The peak in MiB.</summary>
    public static double Read() => double.Parse(
        File.ReadLines(Status).First(line => line.StartsWith(Peak, StringComparison.Ordinal))[Peak.Length..].Split("kB")[0], CultureInfo.InvariantCulture) / KibibytesPerMegabyte;
}
