using System.CommandLine;
using CoMiGS.Demo.CommandLine;

namespace CoMiGS.DeviceHost;

/// <summary>The command line.</summary>
public sealed class DeviceCommand
{
    private static readonly DeviceSettings Defaults = new();

    private readonly Option<string> _folder = new("--folder") { Description = "The device's own folder: its token, its training state, what it downloaded, its adapters.", HelpName = "DIR", DefaultValueFactory = _ => Defaults.Folder };
    private readonly Option<string> _coordinator = CommandParsing.Address("--coordinator", "The coordinator's address.");
    private readonly Option<string> _name = new("--name") { Description = "The name that its certificate or its code was made for.", HelpName = "NAME", Required = true };
    private readonly Option<string?> _authority = new("--authority") { Description = "Who signs the coordinator's certificate. [default: the system's authorities]", HelpName = "FILE.pem" };
    private readonly Option<string?> _certificate = new("--certificate") { Description = "The device's certificate. [default: it enrols with --code]", HelpName = "FILE.pem" };
    private readonly Option<string?> _key = new("--key") { Description = "The certificate's private key.", HelpName = "FILE.pem" };
    private readonly Option<string?> _code = new("--code") { Description = "The code that the coordinator's 'invite' made, to enrol with the first time.", HelpName = "CODE" };
    private readonly Option<string> _base = new("--base") { Description = "The base model: a checkpoint's folder in Hugging Face's layout, the same on every device. Without a tokenizer in it, bytes are the tokens.", HelpName = "DIR", Required = true };
    private readonly Option<string> _text = new("--text") { Description = "A folder with train.txt and valid.txt.", HelpName = "DIR", Required = true };
    private readonly Option<string> _run = new("--run") { Description = "The run to take part in.", HelpName = "NAME", DefaultValueFactory = _ => Defaults.Run };
    private readonly Option<int> _specialists = CommandParsing.Number("--specialists", "Specialists in each block, beside one generalist.", Defaults.Specialists, least: 0);
    private readonly Option<int> _window = CommandParsing.Number("--window", "Tokens per window; at most what the model reads.", Defaults.Window);
    private readonly Option<int> _saveEvery = CommandParsing.Number("--save-every", "After how many steps the training state is saved: what a crash may cost.", Defaults.SaveEvery);
    private readonly Option<bool> _reportHeldOut = new("--report-held-out") { Description = "Tells the coordinator the loss on valid.txt, and the generalists' share in each layer, with every update. [default: that stays here]" };
    private readonly Option<int> _seed = CommandParsing.Number("--seed", "What all random numbers start from, together with the name.", Defaults.Seed, least: 0);
    private readonly Option<int> _threads = CommandParsing.Number("--threads", "Processor cores to use; another number may change the last bits.", Defaults.Threads);
    private readonly RootCommand _root;

    /// <summary>A command that hands its checked options to <paramref name="run"/>.</summary>
    /// <param name="run">Takes part and returns the process's exit code.</param>
    public DeviceCommand(Func<DeviceSettings, CancellationToken, Task<int>> run)
    {
        _root = new RootCommand("A device of a CoMiGS run: trains on its own text, and shares its generalist with the others. Started again, it goes on where it was.")
        {
            _folder, _coordinator, _name, _authority, _certificate, _key, _code, _base, _text, _run, _specialists, _window, _saveEvery, _reportHeldOut, _seed, _threads,
        };
        _root.Validators.Add(parsed =>
        {
            if (parsed.GetValue(_certificate) is null != parsed.GetValue(_key) is null)
            {
                parsed.AddError("--certificate and --key belong together: name both, or enrol with --code.");
            }

            if (parsed.GetValue(_certificate) is not null && parsed.GetValue(_code) is not null)
            {
                parsed.AddError("There are a --certificate and a --code. A device has one identity: leave one out.");
            }
        });
        _root.SetAction((parsed, stop) => run(Read(parsed), stop));
    }

    /// <summary>Runs the command, or says what is wrong with <paramref name="args"/>.</summary>
    public Task<int> InvokeAsync(string[] args, TextWriter errors) => CommandParsing.InvokeAsync(_root, args, errors);

    private DeviceSettings Read(ParseResult parsed) => new()
    {
        Folder = parsed.GetValue(_folder)!,
        Coordinator = parsed.GetValue(_coordinator)!,
        Name = parsed.GetValue(_name)!,
        Authority = parsed.GetValue(_authority),
        Certificate = parsed.GetValue(_certificate),
        Key = parsed.GetValue(_key),
        Code = parsed.GetValue(_code),
        Base = parsed.GetValue(_base)!,
        Text = parsed.GetValue(_text)!,
        Run = parsed.GetValue(_run)!,
        Specialists = parsed.GetValue(_specialists),
        Window = parsed.GetValue(_window),
        SaveEvery = parsed.GetValue(_saveEvery),
        ReportHeldOut = parsed.GetValue(_reportHeldOut),
        Seed = parsed.GetValue(_seed),
        Threads = parsed.GetValue(_threads),
    };
}
