using System.Text;

namespace CoMiGS.Models.Tokenizers;

/// <summary>Turns ids into text as they come, without ever cutting a code point in two.</summary>
/// <remarks>The parts together are what <see cref="Tokenizer.Decode"/> makes of all the ids, U+FFFD for invalid bytes included. For one stream, one thread at a time.</remarks>
/// <param name="tokenizer">Knows the bytes of the ids.</param>
/// <param name="skipSpecialTokens">Whether special tokens are left out of the text.</param>
public sealed class StreamingDecoder(Tokenizer tokenizer, bool skipSpecialTokens = false)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    /// <summary>Takes the next id and gives the text that is complete with it: often a part of a word, sometimes nothing.</summary>
    /// <param name="token">An id of the vocabulary.</param>
    /// <exception cref="ArgumentOutOfRangeException">No token has this id.</exception>
    public string Add(int token) => Text(tokenizer.Bytes(token, skipSpecialTokens), flush: false);

    /// <summary>Ends the text: gives U+FFFD if a code point was left unfinished, else nothing. The decoder is then ready for another text.</summary>
    public string Complete() => Text([], flush: true);

    private string Text(ReadOnlySpan<byte> bytes, bool flush)
    {
        var characters = new char[_decoder.GetCharCount(bytes, flush)];
        _decoder.GetChars(bytes, characters, flush);
        return new(characters);
    }
}
