namespace CoMiGS.Models.Tokenizers;

/// <summary>What a byte-level byte-pair encoding is made of.</summary>
/// <param name="Ids">Ids by text, without added tokens.</param>
/// <param name="Merges">Pairs and what they become, in order of rank.</param>
/// <param name="IgnoreMerges">Whether a word that is in the vocabulary is taken whole, even if merges would not make it.</param>
/// <param name="Unknown">Stands for bytes that the vocabulary lacks; without it they are left out.</param>
/// <param name="FuseUnknown">Whether neighbouring unknown bytes become one token.</param>
internal sealed record BytePairModel(
    Dictionary<string, int> Ids,
    IReadOnlyList<(int Left, int Right, int Result)> Merges,
    bool IgnoreMerges,
    int? Unknown,
    bool FuseUnknown);
