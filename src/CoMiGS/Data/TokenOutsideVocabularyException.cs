namespace CoMiGS.Data;

/// <summary>A split holds a token id that the model does not know.</summary>
public sealed class TokenOutsideVocabularyException : Exception
{
    /// <summary>Says where the token is, and what is allowed.</summary>
    /// <param name="source">Name of the split.</param>
    /// <param name="position">Index of the token in the split.</param>
    /// <param name="token">The id.</param>
    /// <param name="vocabularySize">How many ids the model knows.</param>
    public TokenOutsideVocabularyException(string source, long position, long token, int vocabularySize)
        : base($"Token {position} of '{source}' is {token}, but the model knows the ids 0 to {vocabularySize - 1}. Use the tokenizer of this model, or the right token width.")
    {
    }
}
