namespace CoMiGS.Demo.CommandLine;

/// <summary>Parses a command line, runs the demo, and turns what went wrong into one message and an exit code.</summary>
public static class DemoCommandRunner
{
    /// <summary>Runs the demo with <paramref name="args"/>.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="run">What to run with the checked options.</param>
    /// <param name="errors">Where messages go.</param>
    /// <param name="cancellation">Stops the run, as Ctrl+C does.</param>
    public static Task<int> RunAsync(string[] args, Func<DemoOptions, CancellationToken, Task> run, TextWriter errors, CancellationToken cancellation = default) =>
        CommandParsing.InvokeAsync(new DemoCommand((options, stop) => CommandGuard.RunAsync(() => run(options, stop), errors, stop)).Root, args, errors, cancellation);
}
