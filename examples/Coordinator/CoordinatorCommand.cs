using System.CommandLine;
using CoMiGS.Demo.CommandLine;
using CoMiGS.Transport;

namespace CoMiGS.CoordinatorHost;

/// <summary>The command line: leading a run, and inviting a device.</summary>
public sealed class CoordinatorCommand
{
    private static readonly CoordinatorSettings Defaults = new();

    private readonly Option<string> _folder = new("--folder") { Description = "The coordinator's own folder: its store, its registry of devices and the key that signs their tokens.", HelpName = "DIR", DefaultValueFactory = _ => Defaults.Folder, Recursive = true };
    private readonly Option<string> _listen = CommandParsing.Address("--listen", "Where to listen; port 0 takes any that is free.", Defaults.Listen);
    private readonly Option<string> _certificate = new("--certificate") { Description = "The TLS certificate.", HelpName = "FILE.pem", Required = true };
    private readonly Option<string> _key = new("--key") { Description = "Its private key.", HelpName = "FILE.pem", Required = true };
    private readonly Option<string?> _authority = new("--authority") { Description = "Who signs the certificates of devices. [default: nobody; devices enrol with a code]", HelpName = "FILE.pem" };
    private readonly Option<string> _run = new("--run") { Description = "The name of the run.", HelpName = "NAME", DefaultValueFactory = _ => Defaults.Run };
    private readonly Option<int> _rounds = CommandParsing.Number("--rounds", "How often the devices exchange what they share.", Defaults.Rounds);
    private readonly Option<int> _steps = CommandParsing.Number("--steps", "Training steps of each device between two exchanges.", Defaults.Steps);
    private readonly Option<int> _devices = CommandParsing.Number("--devices", "How many devices a round waits for.", Defaults.Devices);
    private readonly Option<int?> _quorum = CommandParsing.OptionalNumber("--quorum", "With how many updates a round may close after its deadline. [default: all of --devices]");
    private readonly Option<int?> _deadline = CommandParsing.OptionalNumber("--deadline", "How many seconds a round waits for all of its devices. [default: as long as it takes]");
    private readonly Option<int> _seed = CommandParsing.Number("--seed", "What the first shared parameters are drawn from.", Defaults.Seed, least: 0);
    private readonly Option<TensorType> _payload = CommandParsing.Payload();
    private readonly Option<bool> _weighted = new("--weight-by-samples") { Description = "Devices count by the size of their text. [default: all alike]" };
    private readonly Option<bool> _publicPage = new("--public-page") { Description = "Whoever can reach the coordinator sees its live page. [default: only this machine does]" };
    private readonly Argument<string> _device = new("device") { Description = "The name that the device will have." };
    private readonly Option<int> _hours = CommandParsing.Number("--hours", "How long the code is good.", 24);
    private readonly RootCommand _root;

    /// <summary>A command that hands its checked options on.</summary>
    /// <param name="run">Leads the run and returns the process's exit code.</param>
    /// <param name="invite">Makes a code for a device and returns the process's exit code.</param>
    public CoordinatorCommand(Func<CoordinatorSettings, CancellationToken, Task<int>> run, Func<CoordinatorSettings, string, TimeSpan, Task<int>> invite)
    {
        var inviting = new Command("invite", "Makes a code with which a device enrols, once. Not while the coordinator runs: stop it, invite, start it again; it goes on where it was.") { _device, _hours };
        inviting.SetAction(parsed => invite(Defaults with { Folder = parsed.GetValue(_folder)! }, parsed.GetValue(_device)!, TimeSpan.FromHours(parsed.GetValue(_hours))));
        var leading = new Command("run", "Leads the run over HTTPS until it is stopped, and goes on with it when started again.")
        {
            _listen, _certificate, _key, _authority, _run, _rounds, _steps, _devices, _quorum, _deadline, _seed, _payload, _weighted, _publicPage,
        };
        leading.Validators.Add(parsed =>
        {
            var devices = parsed.GetResult(_devices) is { Tokens.Count: > 0 } ? parsed.GetValue(_devices) : Defaults.Devices; // defaults come after validators
            if (parsed.GetValue(_quorum) > devices)
            {
                parsed.AddError($"--quorum is {parsed.GetValue(_quorum)}, but a round waits for {devices} devices. Use at most that many, or more --devices.");
            }
        });
        leading.SetAction((parsed, stop) => run(Read(parsed), stop));
        _root = new RootCommand("The coordinator of a CoMiGS run.") { leading, inviting, _folder };
    }

    /// <summary>Runs the command, or says what is wrong with <paramref name="args"/>.</summary>
    public Task<int> InvokeAsync(string[] args, TextWriter errors) => CommandParsing.InvokeAsync(_root, args, errors);

    private CoordinatorSettings Read(ParseResult parsed) => new()
    {
        Folder = parsed.GetValue(_folder)!,
        Listen = parsed.GetValue(_listen)!,
        Certificate = parsed.GetValue(_certificate)!,
        Key = parsed.GetValue(_key)!,
        Authority = parsed.GetValue(_authority),
        Run = parsed.GetValue(_run)!,
        Rounds = parsed.GetValue(_rounds),
        Steps = parsed.GetValue(_steps),
        Devices = parsed.GetValue(_devices),
        Quorum = parsed.GetValue(_quorum),
        DeadlineSeconds = parsed.GetValue(_deadline),
        Seed = parsed.GetValue(_seed),
        Payload = parsed.GetValue(_payload),
        WeightBySamples = parsed.GetValue(_weighted),
        PublicPage = parsed.GetValue(_publicPage),
    };
}
