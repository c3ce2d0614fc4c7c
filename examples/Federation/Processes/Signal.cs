using System.Diagnostics;

namespace CoMiGS.FederationTrial.Processes;

/// <summary>Asks a process to stop, as a service manager does.</summary>
internal static class Signal
{
    /// <summary>Sends SIGTERM. Windows has none: there the process is ended, which its store survives.</summary>
    public static async Task TerminateAsync(int process)
    {
        if (OperatingSystem.IsWindows())
        {
            using var ended = Process.GetProcessById(process);
            ended.Kill();
            return;
        }

        using var kill = Process.Start("kill", ["-TERM", process.ToString()]);
        await kill.WaitForExitAsync().ConfigureAwait(false);
    }
}
