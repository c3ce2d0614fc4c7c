using System.CommandLine;
using CoMiGS.Demo.CommandLine;

namespace CoMiGS.Experiments;

/// <summary>The command line.</summary>
public sealed class ExperimentCommand
{
    private readonly Option<string> _config = new("--config") { Description = "The configuration: methods, data sets, seeds, budget.", HelpName = "FILE.json", Required = true };
    private readonly Option<string> _data = Folder("--data", "What the folders of text in the configuration are relative to.", ".");
    private readonly Option<string?> _out = new("--out") { Description = "The folder for results.jsonl, report.md and report.html. [default: artifacts/experiments/NAME]", HelpName = "DIR" };
    private readonly Option<string> _cache = Folder("--cache", "The folder that trained base models are kept in from one run to the next.", Path.Combine("artifacts", "cache"));
    private readonly Option<int> _threads = CommandParsing.Number("--threads", "Processor cores to use.", Environment.ProcessorCount);
    private readonly Option<bool> _smoke = new("--smoke") { Description = "Every method for a few steps on messages of the SDK: shows that all of it runs." };
    private readonly Option<string?> _page = new("--page") { Description = "A page whose place for this experiment the tables are put into, such as docs/results.md.", HelpName = "FILE.md" };
    private readonly Option<bool> _reportOnly = new("--report-only") { Description = "Report what is finished, and compute nothing." };
    private readonly RootCommand _root;

    /// <summary>A command that hands its checked options to <paramref name="run"/>.</summary>
    /// <param name="run">Runs the experiment and returns the process's exit code.</param>
    public ExperimentCommand(Func<ExperimentOptions, CancellationToken, Task<int>> run)
    {
        var command = new Command("run", "Runs the cells of a configuration that are not finished yet, and writes the report.") { _config, _data, _out, _cache, _threads, _smoke, _page, _reportOnly };
        command.SetAction((parsed, cancellation) => run(Read(parsed), cancellation));
        _root = new RootCommand("Runs methods x data sets x seeds over one federation with one budget, and compares them.") { command };
    }

    /// <summary>Runs the command, or says what is wrong with <paramref name="args"/>.</summary>
    public Task<int> InvokeAsync(string[] args, TextWriter errors) => CommandParsing.InvokeAsync(_root, args, errors);

    private static Option<string> Folder(string name, string description, string absent) => new(name) { Description = description, HelpName = "DIR", DefaultValueFactory = _ => absent };

    private ExperimentOptions Read(ParseResult parsed)
    {
        var config = parsed.GetValue(_config)!;
        var smoke = parsed.GetValue(_smoke);
        var output = parsed.GetValue(_out) ?? Path.Combine("artifacts", "experiments", Path.GetFileNameWithoutExtension(config) + (smoke ? "-smoke" : ""));
        return new ExperimentOptions(config, parsed.GetValue(_data)!, output, parsed.GetValue(_cache)!, parsed.GetValue(_threads), smoke, parsed.GetValue(_page), parsed.GetValue(_reportOnly));
    }
}
