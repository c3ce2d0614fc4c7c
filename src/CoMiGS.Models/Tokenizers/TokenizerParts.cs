namespace CoMiGS.Models.Tokenizers;

/// <summary>Everything that the files of a tokenizer say.</summary>
/// <param name="Model">Vocabulary and merges.</param>
/// <param name="AddedTokens">Texts that are found before anything else.</param>
/// <param name="Composes">Whether text is brought to normalization form C.</param>
/// <param name="PreTokenizer">How text is cut into words.</param>
/// <param name="Before">Ids in front of a text.</param>
/// <param name="After">Ids behind a text.</param>
/// <param name="BeginToken">The token for the beginning of a text, if the configuration names one.</param>
/// <param name="EndToken">The token for the end of a text, if the configuration names one.</param>
internal sealed record TokenizerParts(
    BytePairModel Model,
    IReadOnlyList<AddedToken> AddedTokens,
    bool Composes,
    PreTokenizer PreTokenizer,
    IReadOnlyList<int> Before,
    IReadOnlyList<int> After,
    string? BeginToken = null,
    string? EndToken = null);
