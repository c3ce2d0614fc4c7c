using CoMiGS.Data;
using CoMiGS.Demo;
using CoMiGS.Demo.CommandLine;
using CoMiGS.Models;
using CoMiGS.Models.Tokenizers;

namespace CoMiGS.DeviceHost;

/// <summary>The device's own text as tokens of its model.</summary>
internal static class DeviceText
{
    private static readonly string[] TokenizerFiles = ["tokenizer.json", "vocab.json"];

    /// <exception cref="DemoException">A text is missing or too short, or the model reads other tokens.</exception>
    public static DeviceData Open(DeviceSettings settings, LanguageModel model, int window)
    {
        Func<string, ITokenSource> open = TokenizerFiles.Any(file => File.Exists(Path.Combine(settings.Base, file))) ? WithTokenizer(settings.Base) : Bytes(model);
        return new DeviceData(Split(settings, "train.txt", open, window), Split(settings, "valid.txt", open, window));
    }

    private static ITokenSource Split(DeviceSettings settings, string file, Func<string, ITokenSource> open, int window)
    {
        var split = InputFile.Read("--text", Path.Combine(settings.Text, file), "a folder with train.txt and valid.txt", open);
        return split.Length > window
            ? split
            : throw new DemoException($"--text: {file} has {split.Length} tokens, but a window of {window} needs at least {window + 1}. Add text, or use a shorter --window.");
    }

    private static Func<string, ITokenSource> WithTokenizer(string folder)
    {
        var tokenizer = InputFile.Read("--base", folder, "a checkpoint whose tokenizer can be read", Tokenizer.Load);
        return path => new TokenArray(tokenizer.Encode(File.ReadAllText(path), addSpecialTokens: false), Path.GetFileName(path));
    }

    private static Func<string, ITokenSource> Bytes(LanguageModel model) =>
        model.VocabularySize == TextBytes.VocabularySize
            ? TextBytes.Open
            : throw new DemoException($"--base: the model has {model.VocabularySize} tokens, and there is no tokenizer beside it. Put {string.Join(" or ", TokenizerFiles)} there; without one only a model of {TextBytes.VocabularySize} bytes can be read for.");
}
