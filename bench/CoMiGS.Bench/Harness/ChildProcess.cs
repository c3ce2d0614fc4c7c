using System.Diagnostics;
using System.Text.Json;

namespace CoMiGS.Bench.Harness;

/// <summary>Measures in a process of its own, so that no case finds memory, threads or settings that another has left.</summary>
public static class ChildProcess
{
    /// <summary>Starts this program with a command and its argument, and reads what its last line says.</summary>
    /// <param name="command">The command.</param>
    /// <param name="argument">Its argument, as JSON.</param>
    /// <param name="environment">Variables to set; to unset where the value is empty.</param>
    /// <exception cref="InvalidOperationException">The process failed; its errors are in the message.</exception>
    public static TFigures Run<TFigures>(string command, object argument, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var json = JsonSerializer.Serialize(argument);
        var start = new ProcessStartInfo("dotnet", [typeof(ChildProcess).Assembly.Location, command, json]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value.Length == 0 ? null : value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<TFigures>(output.TrimEnd().Split('\n')[^1])!
            : throw new InvalidOperationException($"Measuring {json} failed: {errors.Result}");
    }
}
