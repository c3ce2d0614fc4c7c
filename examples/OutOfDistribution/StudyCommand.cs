using System.CommandLine;
using CoMiGS.Demo.CommandLine;

namespace CoMiGS.OutOfDistribution;

/// <summary>The command line; what it does not ask for is as in the demo.</summary>
public sealed class StudyCommand
{
    private readonly Option<string?> _data = new("--data")
    {
        Description = "A folder with user*/train.txt, valid.txt and test.txt, and with ood/valid_mixed.txt and ood/test_mixed.txt. [default: the SDK's messages in four languages]",
        HelpName = "DIR",
    };

    private readonly Option<int> _rounds = CommandParsing.Number("--rounds", "How often the devices exchange what they share.", 12);
    private readonly Option<int> _steps = CommandParsing.Number("--steps", "Training steps of each device between two exchanges.", 10);
    private readonly Option<int> _trainKb = CommandParsing.Number("--train-kb", "The most training text per device, in units of 1,000 bytes.", 20);
    private readonly Option<int> _seed = CommandParsing.Number("--seed", "What all random numbers start from.", 42);
    private readonly Option<int> _threads = CommandParsing.Number("--threads", "Processor cores to use.", Environment.ProcessorCount);
    private readonly Option<bool> _quick = new("--quick") { Description = "The demo's small base model." };

    private readonly Option<string> _output = new("--output")
    {
        Description = "The folder for table.md and result.json.",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine("artifacts", "ood"),
    };

    private readonly Option<string> _cache = new("--cache")
    {
        Description = "The folder that trained base models are kept in from one run to the next.",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine("artifacts", "cache"),
    };

    private readonly RootCommand _root;

    /// <summary>A command that hands its checked options to <paramref name="run"/>.</summary>
    /// <param name="run">Runs the study and returns the process's exit code.</param>
    public StudyCommand(Func<DemoOptions, CancellationToken, Task<int>> run)
    {
        _root = new RootCommand("Fits the routers of four devices on text like their own and on a mix of everybody's, and compares them on both kinds of test text.")
        {
            _data, _rounds, _steps, _trainKb, _seed, _threads, _output, _cache, _quick,
        };
        _root.SetAction((parsed, cancellation) => run(Read(parsed), cancellation));
    }

    /// <summary>Runs the command, or says what is wrong with <paramref name="args"/>.</summary>
    public Task<int> InvokeAsync(string[] args, TextWriter errors) => CommandParsing.InvokeAsync(_root, args, errors);

    private DemoOptions Read(ParseResult parsed) => new()
    {
        Scenario = Scenario.Languages,
        DataFolder = parsed.GetValue(_data),
        Rounds = parsed.GetValue(_rounds),
        Steps = parsed.GetValue(_steps),
        TrainKilobytes = [parsed.GetValue(_trainKb)],
        Seed = parsed.GetValue(_seed),
        Threads = parsed.GetValue(_threads),
        Output = parsed.GetValue(_output)!,
        Cache = parsed.GetValue(_cache)!,
        Quick = parsed.GetValue(_quick),
    };
}
