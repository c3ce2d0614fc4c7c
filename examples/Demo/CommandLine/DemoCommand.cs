using System.CommandLine;
using System.CommandLine.Parsing;
using CoMiGS.Demo.Text;
using CoMiGS.Transport;

namespace CoMiGS.Demo.CommandLine;

/// <summary>The demo's command line: its options with their descriptions, and how they become <see cref="DemoOptions"/>.</summary>
public sealed class DemoCommand
{
    private const int MostNumber = 100_000;
    private const int MostSpecialists = 16;
    private const int QuickRounds = 6;

    private readonly Option<string> _scenario = new("--scenario")
    {
        Description = "Whose text the devices hold: 'colleagues' (one language, four products, two users with much text and two with little) or 'languages' (German, French, Italian, Spanish).",
        DefaultValueFactory = _ => "colleagues",
    };

    private readonly Option<string> _language = new("--language")
    {
        Description = $"The colleagues' language: {string.Join(", ", SdkLanguages.Translations)}.",
        HelpName = "CODE",
        DefaultValueFactory = _ => "de",
    };

    private readonly Option<string?> _data = new("--data") { Description = "Your own text instead: a folder with user*/train.txt, valid.txt and test.txt.", HelpName = "DIR" };
    private readonly Option<int> _rounds = Count("--rounds", "How often the devices exchange what they share. [default: 20; 6 with --quick]");
    private readonly Option<int> _steps = Count("--steps", "Training steps of each device between two exchanges. [default: 10]");

    private readonly Option<string?> _trainKb = new("--train-kb")
    {
        Description = "The most training text per device, in units of 1,000 bytes. [default: 120,120,8,8 for colleagues, 20 for languages, everything for --data]",
        HelpName = "N,N,...",
    };

    private readonly Option<string> _specialists = new("--specialists")
    {
        Description = "Specialist experts per device beside the one generalist, for devices of different size, such as 1,3,1,0.",
        HelpName = "N,N,...",
        DefaultValueFactory = _ => "1",
    };

    private readonly Option<int> _seed = new("--seed") { Description = "What all random numbers start from: the same seed gives the same figures.", HelpName = "N", DefaultValueFactory = _ => 42 };
    private readonly Option<int> _threads = Count("--threads", "Processor cores to use. [default: all]");

    private readonly Option<string> _payload = new("--payload")
    {
        Description = "How the numbers travel: 'float32', 'bfloat16' (half the bytes) or 'int8' (a quarter), the latter two rounded with error feedback.",
        DefaultValueFactory = _ => "float32",
    };

    private readonly Option<string> _output = new("--output")
    {
        Description = "The folder for report.html, summary.json, metrics.jsonl and the adapters.",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine("artifacts", "demo"),
    };

    private readonly Option<string> _cache = new("--cache")
    {
        Description = "The folder that trained base models are kept in from one run to the next.",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine("artifacts", "cache"),
    };

    private readonly Option<bool> _quick = new("--quick") { Description = "A small base model and few rounds: about a minute instead of several." };

    /// <summary>A command that hands its checked options to <paramref name="run"/>.</summary>
    /// <param name="run">Runs the demo and returns the process's exit code.</param>
    public DemoCommand(Func<DemoOptions, CancellationToken, Task<int>> run)
    {
        _scenario.AcceptOnlyFromAmong("colleagues", "languages");
        _language.AcceptOnlyFromAmong([.. SdkLanguages.Translations]);
        _payload.AcceptOnlyFromAmong("float32", "bfloat16", "int8");
        RequireRange(_rounds, 1, MostNumber);
        RequireRange(_steps, 1, MostNumber);
        RequireRange(_threads, 1, Environment.ProcessorCount);
        RequireRange(_seed, 0, int.MaxValue);
        RequireList(_trainKb, 1, MostNumber);
        RequireList(_specialists, 0, MostSpecialists);
        RequireName(_output);
        RequireName(_cache);
        Root = new RootCommand("Four devices fine-tune one language model together without moving anybody's text, and a table shows what each of them gained.")
        {
            _scenario, _language, _data, _rounds, _steps, _trainKb, _specialists, _seed, _threads, _payload, _output, _cache, _quick,
        };
        Root.SetAction((parsed, cancellation) => run(Read(parsed), cancellation));
    }

    /// <summary>The command for System.CommandLine.</summary>
    public RootCommand Root { get; }

    /// <summary>The options of a command line without errors.</summary>
    public DemoOptions Read(ParseResult parsed)
    {
        var defaults = new DemoOptions();
        var quick = parsed.GetValue(_quick);
        return defaults with
        {
            Scenario = parsed.GetValue(_scenario) == "languages" ? Scenario.Languages : Scenario.Colleagues,
            Language = parsed.GetValue(_language)!,
            DataFolder = parsed.GetValue(_data),
            Rounds = Given(parsed, _rounds) ?? (quick ? QuickRounds : defaults.Rounds),
            Steps = Given(parsed, _steps) ?? defaults.Steps,
            TrainKilobytes = parsed.GetValue(_trainKb) is { } kilobytes ? PerDevice.Parse(kilobytes, 1, MostNumber).Values : null,
            Specialists = PerDevice.Parse(parsed.GetValue(_specialists)!, 0, MostSpecialists).Values,
            Seed = parsed.GetValue(_seed),
            Threads = Given(parsed, _threads) ?? defaults.Threads,
            Payload = Enum.Parse<TensorType>(parsed.GetValue(_payload)!, ignoreCase: true),
            Output = parsed.GetValue(_output)!,
            Cache = parsed.GetValue(_cache)!,
            Quick = quick,
        };
    }

    private static Option<int> Count(string name, string description) => new(name) { Description = description, HelpName = "N" };

    private static int? Given(ParseResult parsed, Option<int> option) => parsed.GetResult(option) is null ? null : parsed.GetValue(option);

    private static void RequireRange(Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && (value < least || value > most))
        {
            result.AddError($"{option.Name} is {value}, but must be from {least} to {most}.");
        }
    });

    private static void RequireName(Option<string> option) => option.Validators.Add(result =>
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
        {
            result.AddError($"{option.Name}: the folder's name is empty.");
        }
    });

    private static void RequireList(Option option, int least, int most) => option.Validators.Add(result => Check(option.Name, result, least, most));

    private static void Check(string name, OptionResult result, int least, int most)
    {
        if (result.Tokens is [var token] && PerDevice.Parse(token.Value, least, most).Problem is { } problem)
        {
            result.AddError($"{name}: {problem}.");
        }
    }
}
