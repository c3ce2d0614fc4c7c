using System.CommandLine;
using CoMiGS.Demo.CommandLine;
using CoMiGS.Transport;

namespace CoMiGS.FederationTrial;

/// <summary>The command line: the trial on this machine, and the folders for a run on several.</summary>
public sealed class TrialCommand
{
    private const int QuickRounds = 6;
    private static readonly TrialOptions Defaults = new();

    private readonly Option<bool> _quick = new("--quick") { Description = "A small base model and few rounds: at most three minutes.", Recursive = true };
    private readonly Option<int?> _rounds = CommandParsing.OptionalNumber("--rounds", $"How often the devices exchange what they share. [default: {Defaults.Rounds}; {QuickRounds} with --quick]");
    private readonly Option<int> _steps = CommandParsing.Number("--steps", "Training steps of each device between two exchanges.", Defaults.Steps);
    private readonly Option<int> _seed = CommandParsing.Number("--seed", "What all random numbers start from.", Defaults.Seed, least: 0);
    private readonly Option<TensorType> _payload = CommandParsing.Payload();
    private readonly Option<string> _cache = new("--cache") { Description = "The folder that trained base models are kept in from one run to the next.", HelpName = "DIR", DefaultValueFactory = _ => Defaults.Cache };
    private readonly Option<string?> _keep = new("--keep") { Description = "Keep what the processes wrote, logs included. [default: a temporary folder, which is removed]", HelpName = "DIR" };
    private readonly Argument<string> _folder = new("folder") { Description = "Where the folders appear, one for the coordinator and one for each device." };
    private readonly Option<string> _address = CommandParsing.Address("--address", "Where the devices will reach the coordinator.", "https://localhost:5001");
    private readonly RootCommand _root;

    /// <summary>A command that hands its checked options on.</summary>
    /// <param name="run">Runs the trial and returns the process's exit code.</param>
    /// <param name="prepare">Writes the folders for a run on several hosts and returns the process's exit code.</param>
    public TrialCommand(Func<TrialOptions, CancellationToken, Task<int>> run, Func<TrialOptions, string, Uri, CancellationToken, Task<int>> prepare)
    {
        foreach (var option in new Option[] { _rounds, _steps, _seed, _payload, _cache })
        {
            option.Recursive = true;
        }

        var preparing = new Command("prepare", "Writes what a coordinator and the demo's four devices on hosts of their own need: options, certificates, base model, text.") { _folder, _address };
        preparing.SetAction((parsed, stop) => prepare(Read(parsed), parsed.GetValue(_folder)!, new Uri(parsed.GetValue(_address)!), stop));
        _root = new RootCommand("One coordinator and four devices, each a process of its own, run the demo's job over HTTPS: undisturbed, then with kills in the middle. The adapters must be the same, bit for bit.")
        {
            _quick, _rounds, _steps, _seed, _payload, _cache, _keep, preparing,
        };
        _root.SetAction((parsed, stop) => run(Read(parsed), stop));
    }

    /// <summary>The command of the program.</summary>
    public static TrialCommand Of(TextWriter output, TextWriter errors) => new(
        (options, stop) => RunAsync(options, output, errors, stop),
        (options, folder, address, stop) => CommandGuard.RunAsync(() => TrialProgram.PrepareAsync(options, folder, address, output, stop), errors, stop));

    /// <summary>Runs the command, or says what is wrong with <paramref name="args"/>.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="errors">Where messages go.</param>
    /// <param name="stop">Stops it, as Ctrl+C does.</param>
    public Task<int> InvokeAsync(string[] args, TextWriter errors, CancellationToken stop = default) => CommandParsing.InvokeAsync(_root, args, errors, stop);

    private static async Task<int> RunAsync(TrialOptions options, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        var same = false;
        try
        {
            var code = await CommandGuard.RunAsync(async () => same = await TrialProgram.RunAsync(options, output, stop).ConfigureAwait(false), errors, stop, "Stopped, and all processes with it.").ConfigureAwait(false);
            return code == ExitCode.Done && !same ? ExitCode.Failed : code;
        }
        catch (TrialException failure)
        {
            await errors.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    private TrialOptions Read(ParseResult parsed)
    {
        var quick = parsed.GetValue(_quick);
        return new TrialOptions
        {
            Quick = quick,
            Rounds = parsed.GetValue(_rounds) ?? (quick ? QuickRounds : Defaults.Rounds),
            Steps = parsed.GetValue(_steps),
            Seed = parsed.GetValue(_seed),
            Payload = parsed.GetValue(_payload),
            Cache = parsed.GetValue(_cache)!,
            Keep = parsed.GetValue(_keep),
        };
    }
}
