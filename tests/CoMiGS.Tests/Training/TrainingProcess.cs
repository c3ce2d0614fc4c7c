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
    public string? NextLine() => _process.StandardOutput.ReadLine();

    /// <summary>Leaves it alone for a while.</summary>
    public void RunOn(TimeSpan time) => _process.WaitForExit(time);

    /// <summary>Ends it where it stands (SIGKILL where there are signals).</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Waits for its own end.</summary>
    /// <returns>Its exit code.</returns>
    public int End()
    {
        _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
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
