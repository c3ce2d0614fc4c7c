using CoMiGS.Demo;
using CoMiGS.Models;
using CoMiGS.Models.Tokenizers;

namespace CoMiGS.FineTune;

/// <summary>A model and its tokenizer, from one folder.</summary>
/// <param name="Model">The model.</param>
/// <param name="Tokenizer">The tokenizer.</param>
public sealed record Checkpoint(LanguageModel Model, Tokenizer Tokenizer)
{
    /// <summary>Loads both.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="screen">Shows how far it is.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="DemoException">The folder cannot be used; the message says why.</exception>
    public static Checkpoint Load(string folder, FineTuneScreen screen, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
        {
            throw new DemoException($"--model: there is no folder {folder}. Nothing is downloaded: give the folder of a checkpoint that is there.");
        }

        try
        {
            var tokenizer = Tokenizer.Load(folder);
            var model = screen.Watch("Loading", report => Pretrained.Load(folder, progress: new Share(report), cancellationToken: cancellation));
            return tokenizer.VocabularySize <= model.VocabularySize
                ? new(model, tokenizer)
                : throw new DemoException($"--model: the tokenizer of {folder} has {tokenizer.VocabularySize} tokens, but the model only {model.VocabularySize}. They do not belong together.");
        }
        catch (Exception cause) when (cause is PretrainedException or InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DemoException($"--model: {cause.Message}", cause);
        }
    }

    private sealed class Share(Action<double, string> report) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => report((double)value.Bytes / value.TotalBytes, $"{value.Bytes / 1e6:N0} MB");
    }
}
