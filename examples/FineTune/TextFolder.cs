using System.Text;
using CoMiGS.Demo;
using CoMiGS.Demo.Text;

namespace CoMiGS.FineTune;

/// <summary>The text of a folder, cut into three splits. A paragraph's split follows from its own words, so it stays there when files are added, and no text is in two splits.</summary>
/// <param name="Train">The experts learn from it.</param>
/// <param name="Valid">The routers learn from it.</param>
/// <param name="Test">Measured on only.</param>
public sealed record TextFolder(string Train, string Valid, string Test)
{
    private const int LongParagraph = 1000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads all <c>*.txt</c> of a folder, in the order of their names.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DemoException">There is no folder, no such file, nothing in them, or something else than UTF-8.</exception>
    public static TextFolder Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DemoException($"--data: there is no folder {folder}.");
        }

        string[] files = [.. Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal)];
        if (files.Length == 0)
        {
            throw new DemoException($"--data: {folder} holds no *.txt. Put text files in UTF-8 there.");
        }

        var splits = files.SelectMany(file => Paragraphs(Content(file))).ToLookup(TextSplitter.SplitOf);
        return splits.Count > 0
            ? new(Text(TextSplit.Train), Text(TextSplit.Valid), Text(TextSplit.Test))
            : throw new DemoException($"--data: the {files.Length} *.txt of {folder} are empty. Put text into them.");

        string Text(TextSplit split) => string.Join("\n\n", splits[split]);
    }

    private static string Content(string file)
    {
        try
        {
            return File.ReadAllText(file, Strict);
        }
        catch (DecoderFallbackException cause)
        {
            throw new DemoException($"--data: {file} is not in UTF-8. Convert it, for example with 'iconv -f latin1 -t utf-8', or take it out of the folder.", cause);
        }
    }

    /// <summary>What stands between blank lines; where that is long, its lines.</summary>
    private static IEnumerable<string> Paragraphs(string text) =>
        text.ReplaceLineEndings("\n").Split("\n\n").SelectMany(paragraph => paragraph.Length > LongParagraph ? paragraph.Split('\n') : [paragraph])
            .Select(paragraph => paragraph.Trim()).Where(paragraph => paragraph.Length > 0);
}
