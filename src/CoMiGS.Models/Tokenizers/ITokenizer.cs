namespace CoMiGS.Models.Tokenizers;

/// <summary>Turns text into token ids and back.</summary>
/// <remarks>Implement it over any library; nothing else of this package asks for more. Both methods are called from several threads at once.</remarks>
public interface ITokenizer
{
    /// <summary>The ids of a text.</summary>
    /// <param name="text">Any text; may be empty.</param>
    /// <param name="addSpecialTokens">Whether ids that the model wants around a text, such as one for its beginning, are added.</param>
    int[] Encode(string text, bool addSpecialTokens = true);

    /// <summary>The text of ids.</summary>
    /// <param name="tokens">Ids of this vocabulary.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out of the text.</param>
    string Decode(IEnumerable<int> tokens, bool skipSpecialTokens = false);
}
