using CoMiGS.Data;
using CoMiGS.Demo;
using CoMiGS.Demo.Reports;
using CoMiGS.Layers;
using CoMiGS.Models;
using CoMiGS.Models.Generation;
using CoMiGS.Models.Tokenizers;
using CoMiGS.Training;
using TorchSharp;

namespace CoMiGS.FineTune;

/// <summary>Fine-tunes a checkpoint: measures, adds experts, trains them, saves them, and measures again.</summary>
public static class FineTuneProgram
{
    private const int PromptWords = 8;

    /// <summary>Runs it.</summary>
    /// <param name="options">What the command line asked for.</param>
    /// <param name="screen">Shows progress and result.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <exception cref="DemoException">The checkpoint, the text or the output folder has to be put right.</exception>
    public static FineTuneResult Run(FineTuneOptions options, FineTuneScreen screen, CancellationToken cancellation)
    {
        var output = OutputFolder.Open(options.Output);
        var text = TextFolder.Read(options.Data);
        torch.set_num_threads(options.Threads);
        var checkpoint = Checkpoint.Load(options.Model, screen, cancellation);
        using var model = checkpoint.Model;
        var window = Math.Min(options.Window, model.BlockSize);
        var data = Tokens(text, checkpoint.Tokenizer, window);
        screen.Line($"Text: {data.Train.Length:N0} tokens to train on, {data.Valid.Length:N0} for the routers, {data.Test!.Length:N0} to measure on.");

        var prompt = options.Prompt ?? Beginning(text.Test, checkpoint.Tokenizer, model.BlockSize / 2);
        var textBefore = Continue();
        var before = Perplexity();
        using var moe = WithExperts(model, options);
        ProveRoom(moe, output);
        var training = new BilevelOptions { LearningRate = options.LearningRate, TotalSteps = options.Steps, BatchSize = options.Batch, Window = window, Seed = options.Seed };
        using (var trainer = new BilevelTrainer(moe, data, training))
        {
            screen.Watch("Training", report => trainer.Train(options.Steps, new Steps(options.Steps, report), cancellation));
        }

        var adapters = output.PathOf("adapters");
        moe.Save(adapters);
        var result = new FineTuneResult(before, Perplexity(), prompt, textBefore, Continue(), adapters);
        screen.Show(result);
        return result;

        double Perplexity() => Evaluation.Run(model, data.Test!, window, options.Batch, cancellation).Perplexity;

        string Continue() => Continuation(model, checkpoint.Tokenizer, prompt, options, cancellation);
    }

    private static MoeModel WithExperts(LanguageModel model, FineTuneOptions options)
    {
        try
        {
            return model.AddExperts(new() { Generalists = 1, Specialists = options.Specialists, Rank = options.Rank, Seed = options.Seed });
        }
        catch (ArgumentException cause)
        {
            throw new DemoException(cause.Message, cause);
        }
    }

    /// <summary>A disk without room is better known before the training than after.</summary>
    private static void ProveRoom(MoeModel moe, OutputFolder output)
    {
        try
        {
            var probe = output.PathOf($".room-{Environment.ProcessId}");
            moe.Save(probe);
            Directory.Delete(probe, recursive: true);
        }
        catch (IOException cause)
        {
            throw new DemoException($"--output: the adapters cannot be saved in {output.Path}: {cause.Message}. Make room, or choose another folder.", cause);
        }
    }

    /// <summary>The first words of a text, or as much of them as a prompt may have of tokens.</summary>
    private static string Beginning(string text, Tokenizer tokenizer, int most)
    {
        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(PromptWords));
        var ids = tokenizer.Encode(words, addSpecialTokens: false);
        return ids.Length <= most ? words : tokenizer.Decode(ids[..most]);
    }

    private static string Continuation(LanguageModel model, Tokenizer tokenizer, string prompt, FineTuneOptions options, CancellationToken cancellation)
    {
        var ids = tokenizer.Encode(prompt);
        if (ids.Length == 0 || ids.Length > model.BlockSize)
        {
            throw new DemoException($"--prompt has {ids.Length} tokens, but must have 1 to {model.BlockSize}.");
        }

        var tokens = new TokenGenerator(model).Generate(
            ids,
            new() { MaximumTokens = options.Tokens, Temperature = 0.8, TopP = 0.95, Seed = options.Seed, StopTokens = tokenizer.EndToken is { } end ? [end] : [] },
            cancellation).Tokens;
        return tokenizer.Decode(tokens.Where(id => tokenizer.TokenText(id) is not null), skipSpecialTokens: true); // a model's vocabulary may be padded
    }

    private static DeviceData Tokens(TextFolder text, Tokenizer tokenizer, int window)
    {
        TokenArray[] splits = [Split(text.Train, "train"), Split(text.Valid, "valid"), Split(text.Test, "test")];
        var tooShort = splits.Where(split => split.Length <= window).ToList();
        return tooShort.Count == 0
            ? new(splits[0], splits[1], splits[2])
            : throw new DemoException(
                $"--data: too little text: {string.Join(", ", tooShort.Select(split => $"the {split.Name} split has {split.Length} tokens"))}; each needs at least {window + 1}. "
                + "Add text (about 62 % of its paragraphs are for training, 15 % for the routers, 23 % for the test), or use a shorter --window.");

        TokenArray Split(string split, string name) => new(tokenizer.Encode(split, addSpecialTokens: false), name);
    }

    private sealed class Steps(int steps, Action<double, string> report) : IProgress<StepReport>
    {
        public void Report(StepReport value) => report((double)value.Step / steps, $"step {value.Step}/{steps}, loss {value.Loss:0.000}");
    }
}
