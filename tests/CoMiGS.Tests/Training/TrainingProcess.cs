using System.Diagnostics;
using System.Globalization;
using CoMiGS.Training;

namespace CoMiGS.Tests.Training;

/// <summary>A real process that runs <see cref="TrainingProgram"/>.</summary>
internal sealed class TrainingProcess : IDisposable
{
    private readonly Process _process;

    public TrainingProcess(string states, string adapters, int steps, int every, RouterSchedule schedule, double dropout, int threads)
    {
        string[] arguments = [
            "exec", typeof(TrainingProgram).Assembly.Location, states, adapters, Number(steps), Number(every), schedule.ToString(),
            dropout.ToString(CultureInfo.InvariantCulture), Number(threads)];
        _process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
    }

    /// <summary>The next line it prints, or null when it has ended.</summary>
    public Task<string?> NextLineAsync() => _process.StandardOutput.ReadLineAsync();

    /// <summary>Ends it where it stands (SIGKILL where there are signals).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for its own end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
