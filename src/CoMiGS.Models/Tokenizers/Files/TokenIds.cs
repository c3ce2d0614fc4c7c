namespace CoMiGS.Models.Tokenizers.Files;

/// <summary>What ids a file may use.</summary>
internal static class TokenIds
{
    /// <summary>The largest id: eight times the largest vocabulary in use, and small enough that a table over all ids is no burden.</summary>
    public const int Largest = (1 << 21) - 1;
}
