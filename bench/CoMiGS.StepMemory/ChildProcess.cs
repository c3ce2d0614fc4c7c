using System.Diagnostics;
using System.Text.Json;

namespace CoMiGS.StepMemory;

/// <summary>Measures each case in a process of its own, so that no case finds memory that another has left.</summary>
public static class ChildProcess
{
    /// <summary>Starts this program again with one case.</summary>
    /// <exception cref="InvalidOperationException">The process failed; its errors are in the message.</exception>
    public static MemoryFigures Measure(MemoryCase of)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ChildProcess).Assembly.Location, JsonSerializer.Serialize(of)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // glibc returns a block to the system at once only if it was mapped for itself: so from 64 KiB on, and not from a size that it learns.
        start.Environment["MALLOC_MMAP_THRESHOLD_"] = "65536";
        start.Environment["MALLOC_TRIM_THRESHOLD_"] = "65536";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<MemoryFigures>(output)!
            : throw new InvalidOperationException($"Measuring {of} failed: {errors.Result}");
    }
}
