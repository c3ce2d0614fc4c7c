using CoMiGS.Models.Tokenizers.Splitting;

namespace CoMiGS.Models.Tokenizers.Files;

/// <summary>Reads the older form, a vocabulary and a list of merges. It does not say how text is cut: that follows from the class of the tokenizer.</summary>
internal static class VocabularyAndMergesReader
{
    private const string EndOfText = "<|endoftext|>";

    /// <summary>What the files say.</summary>
    public static TokenizerParts Read(string vocabularyFile, string mergesFile, JsonField? configuration, Problems problems)
    {
        var ids = ModelReader.Vocabulary(JsonField.Open(vocabularyFile, problems));
        var merges = Merges(mergesFile, ids, problems);
        var added = new AddedTokenReader(ids);
        if (configuration?.Find("added_tokens_decoder") is { } tokens)
        {
            added.AddByIds(tokens);
        }

        var addedFile = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(vocabularyFile))!, "added_tokens.json");
        if (File.Exists(addedFile))
        {
            added.AddByTexts(JsonField.Open(addedFile, problems));
        }

        added.AddKnown(EndOfText);
        var isQwen = IsQwen(configuration);
        Splitter splitter = isQwen ? new Cl100kSplitter(digits: 1) : new Gpt2Splitter();
        var blank = !isQwen && (configuration?.Flag("add_prefix_space", absent: false) ?? false);
        var begin = TokenizerFiles.ConfiguredToken(configuration, "bos_token") ?? (isQwen ? null : EndOfText);
        var end = TokenizerFiles.ConfiguredToken(configuration, "eos_token") ?? EndOfText;
        return new(new(ids, merges, false, null, false), added.Tokens, isQwen, new([splitter], blank ? 0 : null), [], [], begin, end);
    }

    private static bool IsQwen(JsonField? configuration)
    {
        if (configuration?.Find("tokenizer_class") is not { } field)
        {
            return false;
        }

        var name = field.Text();
        if (name is not ("GPT2Tokenizer" or "GPT2TokenizerFast" or "Qwen2Tokenizer" or "Qwen2TokenizerFast"))
        {
            field.Refuse($"'{name}' is not supported without a tokenizer.json; supported with vocab.json and merges.txt: GPT2Tokenizer, Qwen2Tokenizer (and the same with Fast).");
        }

        return name.StartsWith("Qwen2", StringComparison.Ordinal);
    }

    private static List<(int Left, int Right, int Result)> Merges(string file, Dictionary<string, int> ids, Problems problems)
    {
        var merges = new List<(int, int, int)>();
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (line.Length == 0 || line.StartsWith("#version", StringComparison.Ordinal))
            {
                continue;
            }

            var problem = $"expected two tokens with a blank between them, got \"{line}\".";
            if (line.Split(' ') is [{ Length: > 0 } left, { Length: > 0 } right] && ModelReader.Merge(left, right, ids, out problem) is { } merge)
            {
                merges.Add(merge);
            }
            else
            {
                problems.Add(file, $"line {number}", problem);
            }
        }

        return merges;
    }
}
