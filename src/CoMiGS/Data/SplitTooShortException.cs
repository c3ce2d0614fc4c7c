namespace CoMiGS.Data;

/// <summary>A split is too short to hold a single window.</summary>
public sealed class SplitTooShortException : Exception
{
    /// <summary>Says which split, how long it is, and what it needs.</summary>
    /// <param name="source">Name of the split.</param>
    /// <param name="length">Its tokens.</param>
    /// <param name="needed">Tokens it needs.</param>
    public SplitTooShortException(string source, long length, long needed)
        : base($"'{source}' has {length} {(length == 1 ? "token" : "tokens")}, but at least {needed} are needed. Use more text or a shorter window.")
    {
    }
}
