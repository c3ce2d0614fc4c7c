using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace CoMiGS.StepMemory;

/// <summary>Measures each case in a process of its own, so that no case finds memory that another has left.</summary>
public static class ChildProcess
{
    // glibc returns a block to the system at once only if it was mapped for itself: so from 64 KiB on, and not from a size that it learns.
    private static readonly (string Name, string Value)[] ReturnsMemoryAtOnce = [("MALLOC_MMAP_THRESHOLD_", "65536"), ("MALLOC_TRIM_THRESHOLD_", "65536")];

    /// <summary>Starts this program again with one case.</summary>
    /// <exception cref="InvalidOperationException">The process failed; its errors are in the message.</exception>
    public static MemoryFigures Measure(MemoryCase of) => Run<MemoryFigures>(typeof(ChildProcess).Assembly, JsonSerializer.Serialize(of), ReturnsMemoryAtOnce);

    /// <summary>Starts a program with one argument and reads what it prints.</summary>
    /// <exception cref="InvalidOperationException">The process failed; its errors are in the message.</exception>
    public static TFigures Run<TFigures>(Assembly program, string argument, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("dotnet", [program.Location, argument])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<TFigures>(output)!
            : throw new InvalidOperationException($"Measuring {argument} failed: {errors.Result}");
    }
}
