using System.Diagnostics;

namespace CoMiGS.Repository.Tests;

/// <summary>What a command printed, both streams in order of arrival, and how it ended.</summary>
internal sealed record CommandResult(string Command, int ExitCode, string Output)
{
    public IReadOnlyList<string> Lines { get; } = Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The result itself when the command succeeded; its whole output in the failure otherwise.</summary>
    public CommandResult Succeeded()
    {
        ExitCode.Should().Be(0, "{0} should succeed, but it printed:\n{1}", Command, Output);
        return this;
    }
}

internal static class CommandLine
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static CommandResult Run(
        string folder, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(BelongsToTheOuterRun).ToList())
        {
            start.Environment.Remove(name);
        }

        // No build server may outlive the command: it would hold our pipes open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var lines = new List<string>();
        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (lines)
            {
                lines.Add(line.Data ?? "");
            }
        }

        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var command = $"{program} {string.Join(' ', start.ArgumentList)}";
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{command} did not end within {Limit}.");
        }

        process.WaitForExit(); // until both streams are read to their ends
        return new CommandResult(command, process.ExitCode, string.Join('\n', lines));
    }

    public static CommandResult Dotnet(string folder, params string[] arguments) => Run(folder, "dotnet", arguments);

    // Variables that dotnet test sets for its own children, and that would steer a nested dotnet.
    private static bool BelongsToTheOuterRun(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase);
}
