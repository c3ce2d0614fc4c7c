namespace CoMiGS.Models.Tokenizers.Files;

/// <summary>Finds the files of a tokenizer and reads them.</summary>
internal static class TokenizerFiles
{
    private const string Json = "tokenizer.json", Vocabulary = "vocab.json", Merges = "merges.txt", Configuration = "tokenizer_config.json";

    /// <summary>What the files say.</summary>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file cannot be used.</exception>
    public static TokenizerParts Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var problems = new Problems();
        var file = Directory.Exists(path) ? InFolder(path) : Existing(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var configurationFile = Path.Combine(folder, Configuration);
        JsonField? configuration = File.Exists(configurationFile) ? JsonField.Open(configurationFile, problems) : null;
        var parts = Path.GetFileName(file) is Vocabulary or Merges
            ? VocabularyAndMergesReader.Read(Existing(Path.Combine(folder, Vocabulary)), Existing(Path.Combine(folder, Merges)), configuration, problems)
            : FromJson(JsonField.Open(file, problems), configuration);
        problems.Check();
        return parts;
    }

    private static string InFolder(string folder) =>
        new[] { Json, Vocabulary }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"The folder '{folder}' has no {Json} and no {Vocabulary} with {Merges}. Save the tokenizer there in one of these forms; a SentencePiece model (tokenizer.model) is not read.", Path.Combine(folder, Json));

    private static string Existing(string path) =>
        File.Exists(path) ? path : throw new FileNotFoundException($"There is no file '{path}'. Give a {Json}, a {Vocabulary} with {Merges} beside it, or their folder.", path);

    private static TokenizerParts FromJson(JsonField root, JsonField? configuration)
    {
        var model = root.Need("model") is { } field ? ModelReader.Read(field) : new([], [], false, null, false);
        var added = new AddedTokenReader(model.Ids);
        if (root.Find("added_tokens") is { } list)
        {
            added.AddList(list);
        }

        if (configuration?.Find("added_tokens_decoder") is { } more)
        {
            added.AddByIds(more);
        }

        var composes = SurroundingReader.Composes(root.Find("normalizer"));
        var preTokenizer = root.Need("pre_tokenizer") is { } cut ? PreTokenizerReader.Read(cut) : new([], null);
        var (before, after) = SurroundingReader.Template(root.Find("post_processor"));
        SurroundingReader.CheckDecoder(root.Find("decoder"));
        return new(model, added.Tokens, composes, preTokenizer, before, after, ConfiguredToken(configuration, "bos_token"), ConfiguredToken(configuration, "eos_token"));
    }

    /// <summary>The text of a token that the configuration names, as a text or as an object with its content.</summary>
    public static string? ConfiguredToken(JsonField? configuration, string name) =>
        configuration?.Find(name) is { } token ? (token.Kind == System.Text.Json.JsonValueKind.Object ? token.Need("content")?.Text() : token.Text()) : null;
}
