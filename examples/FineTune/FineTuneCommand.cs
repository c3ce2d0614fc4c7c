using System.CommandLine;
using CoMiGS.Demo.CommandLine;

namespace CoMiGS.FineTune;

/// <summary>The command line.</summary>
public sealed class FineTuneCommand
{
    private static readonly FineTuneOptions Defaults = new() { Model = "", Data = "" };

    private readonly Option<string> _model = new("--model") { Description = "The checkpoint: a folder with config.json, safetensors and the tokenizer's files.", HelpName = "FOLDER", Required = true };
    private readonly Option<string> _data = new("--data") { Description = "A folder with *.txt, in UTF-8.", HelpName = "FOLDER", Required = true };
    private readonly Option<string> _output = new("--output") { Description = "The folder for the adapters.", HelpName = "FOLDER", DefaultValueFactory = _ => Defaults.Output };
    private readonly Option<string?> _prompt = new("--prompt") { Description = "What to continue before and after. [default: the beginning of the test text]", HelpName = "TEXT" };
    private readonly Option<int> _tokens = CommandParsing.Number("--tokens", "Tokens to generate.", Defaults.Tokens);
    private readonly Option<int> _steps = CommandParsing.Number("--steps", "Training steps of the experts.", Defaults.Steps);
    private readonly Option<int> _batch = CommandParsing.Number("--batch", "Windows per step.", Defaults.Batch);
    private readonly Option<int> _window = CommandParsing.Number("--window", "Tokens per window; at most what the model reads.", Defaults.Window);
    private readonly Option<int> _rank = CommandParsing.Number("--rank", "LoRA rank of the experts.", Defaults.Rank);
    private readonly Option<int> _specialists = CommandParsing.Number("--specialists", "Specialists in each block, beside one generalist.", Defaults.Specialists, least: 0);
    private readonly Option<double> _rate = new("--rate") { Description = "Peak learning rate.", HelpName = "X", DefaultValueFactory = _ => Defaults.LearningRate };
    private readonly Option<int> _seed = CommandParsing.Number("--seed", "What all random numbers start from.", Defaults.Seed);
    private readonly Option<int> _threads = CommandParsing.Number("--threads", "Processor cores to use.", Defaults.Threads);
    private readonly RootCommand _root;

    /// <summary>A command that hands its checked options to <paramref name="run"/>.</summary>
    /// <param name="run">Fine-tunes and returns the process's exit code.</param>
    public FineTuneCommand(Func<FineTuneOptions, CancellationToken, Task<int>> run)
    {
        _rate.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && double.TryParse(token.Value, System.Globalization.CultureInfo.InvariantCulture, out var given) && !(given > 0 && given <= 1))
            {
                result.AddError($"--rate is {given}, but must be above 0 and at most 1.");
            }
        });
        _root = new RootCommand("Fine-tunes a Hugging Face checkpoint on text files with a mixture of LoRA experts, and shows what it gained.")
        {
            _model, _data, _output, _prompt, _tokens, _steps, _batch, _window, _rank, _specialists, _rate, _seed, _threads,
        };
        _root.SetAction((parsed, cancellation) => run(Read(parsed), cancellation));
    }

    /// <summary>Runs the command, or says what is wrong with <paramref name="args"/>.</summary>
    public Task<int> InvokeAsync(string[] args, TextWriter errors) => CommandParsing.InvokeAsync(_root, args, errors);

    private FineTuneOptions Read(ParseResult parsed) => new()
    {
        Model = parsed.GetValue(_model)!,
        Data = parsed.GetValue(_data)!,
        Output = parsed.GetValue(_output)!,
        Prompt = parsed.GetValue(_prompt),
        Tokens = parsed.GetValue(_tokens),
        Steps = parsed.GetValue(_steps),
        Batch = parsed.GetValue(_batch),
        Window = parsed.GetValue(_window),
        Rank = parsed.GetValue(_rank),
        Specialists = parsed.GetValue(_specialists),
        LearningRate = parsed.GetValue(_rate),
        Seed = parsed.GetValue(_seed),
        Threads = parsed.GetValue(_threads),
    };
}
