namespace CoMiGS.Models.Tokenizers.Characters;

/// <summary>What the patterns of tokenizers distinguish. Each code point is exactly one of the first four.</summary>
[Flags]
internal enum CharacterClass : byte
{
    /// <summary>\p{L}.</summary>
    Letter = 1,

    /// <summary>\p{N}.</summary>
    Number = 2,

    /// <summary>\s, which is Unicode's White_Space.</summary>
    Space = 4,

    /// <summary>[^\s\p{L}\p{N}].</summary>
    Other = 8,

    /// <summary>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}].</summary>
    NotLower = 16,

    /// <summary>[\p{Ll}\p{Lm}\p{Lo}\p{M}].</summary>
    NotUpper = 32,

    /// <summary>Half of a code point beyond U+FFFF: the table alone cannot tell.</summary>
    Half = 64,
}
