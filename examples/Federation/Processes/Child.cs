using System.Diagnostics;

namespace CoMiGS.FederationTrial.Processes;

/// <summary>A process of the run: what it logs can be waited for, and it can be killed.</summary>
internal sealed class Child : IDisposable
{
    private const int LinesForAFailure = 5;

    private readonly Lock _lock = new();
    private readonly Process _process;
    private readonly StreamWriter _file;
    private readonly Action<Child, LogLine> _heard;
    private readonly List<LogLine> _lines = [];
    private readonly List<string> _complaints = [];
    private readonly List<(Func<LogLine, bool> Wanted, Action React, TaskCompletionSource<LogLine> Found)> _waiting = [];

    /// <param name="name">What to call it.</param>
    /// <param name="start">How it starts.</param>
    /// <param name="logFile">What it prints is added to this file.</param>
    /// <param name="heard">Hears of every message, on any thread.</param>
    public Child(string name, ProcessStartInfo start, string logFile, Action<Child, LogLine> heard)
    {
        Name = name;
        _heard = heard;
        _file = new StreamWriter(logFile, append: true) { AutoFlush = true };
        _process = Process.Start(start)!;
        Ended = Task.WhenAll(ReadAsync(_process.StandardOutput, Take), ReadAsync(_process.StandardError, Complain), _process.WaitForExitAsync());
    }

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>Whether it was killed on purpose.</summary>
    public bool WasKilled { get; private set; }

    /// <summary>Ends when the process has ended and everything it printed is read.</summary>
    public Task Ended { get; }

    public int ExitCode => _process.ExitCode;

    /// <summary>The last of what went wrong, by its own words.</summary>
    public string Complaints
    {
        get
        {
            lock (_lock)
            {
                return string.Join(Environment.NewLine, _complaints.TakeLast(LinesForAFailure));
            }
        }
    }

    /// <summary>The first message that fits, also if it has been heard already.</summary>
    public Task<LogLine> HearAsync(Func<LogLine, bool> wanted, CancellationToken stop) => HearAsync(wanted, static () => { }, stop);

    /// <summary>Kills it without a warning (SIGKILL, where there are signals) at the first message that fits, on the thread that reads it: nobody else has to find the time.</summary>
    /// <returns>The message, once the process has ended and everything it printed is read.</returns>
    public async Task<LogLine> KillAtAsync(Func<LogLine, bool> wanted, CancellationToken stop)
    {
        var heard = await HearAsync(wanted, Kill, stop).ConfigureAwait(false);
        await Ended.ConfigureAwait(false);
        return heard;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            WasKilled = true;
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
        _file.Dispose();
    }

    private Task<LogLine> HearAsync(Func<LogLine, bool> wanted, Action react, CancellationToken stop)
    {
        lock (_lock)
        {
            if (_lines.FirstOrDefault(wanted) is { } heard)
            {
                react();
                return Task.FromResult(heard);
            }

            var found = new TaskCompletionSource<LogLine>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((wanted, react, found));
            return found.Task.WaitAsync(stop);
        }
    }

    private void Kill()
    {
        WasKilled = true;
        _process.Kill();
    }

    private async Task ReadAsync(StreamReader reader, Action<string> take)
    {
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            lock (_lock)
            {
                _file.WriteLine(line);
            }

            take(line);
        }
    }

    private void Take(string text)
    {
        if (LogLine.TryParse(text) is not { } line)
        {
            return;
        }

        lock (_lock)
        {
            _lines.Add(line);
            if (line.Level is "Error" or "Critical")
            {
                _complaints.Add(line.Message);
            }

            foreach (var waiting in _waiting.Where(waiting => waiting.Wanted(line)).ToList())
            {
                waiting.React();
                waiting.Found.TrySetResult(line);
                _waiting.Remove(waiting);
            }
        }

        _heard(this, line);
    }

    private void Complain(string text)
    {
        lock (_lock)
        {
            _complaints.Add(text);
        }
    }
}
