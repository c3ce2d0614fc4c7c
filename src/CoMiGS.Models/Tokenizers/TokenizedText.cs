using System.Text;
using CoMiGS.Data;

namespace CoMiGS.Models.Tokenizers;

/// <summary>Text as the ids of a tokenizer, in memory: the way from a text file to training.</summary>
public sealed class TokenizedText : ITokenSource
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly int[] _tokens;

    private TokenizedText(string name, int[] tokens)
    {
        Name = name;
        _tokens = tokens;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long Length => _tokens.Length;

    /// <summary>Reads a text file whole and encodes it.</summary>
    /// <param name="path">Path of a UTF-8 file; a byte-order mark is left out.</param>
    /// <param name="tokenizer">Encodes it.</param>
    /// <param name="addSpecialTokens">Whether the text begins and ends as the tokenizer wants. Default: true.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not UTF-8.</exception>
    public static TokenizedText Open(string path, ITokenizer tokenizer, bool addSpecialTokens = true)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no text file '{path}'. Give the path of an existing UTF-8 text file.", path);
        }

        try
        {
            return From(File.ReadAllText(path, Strict), tokenizer, path, addSpecialTokens);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"The text file '{path}' is not UTF-8: {e.Message} Convert it to UTF-8.", e);
        }
    }

    /// <summary>Encodes a text from memory.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokenizer">Encodes it.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="addSpecialTokens">Whether the text begins and ends as the tokenizer wants. Default: true.</param>
    public static TokenizedText From(string text, ITokenizer tokenizer, string name = "text", bool addSpecialTokens = true) => new(name, tokenizer.Encode(text, addSpecialTokens));

    /// <inheritdoc/>
    public void Read(long start, Span<long> destination)
    {
        var tokens = _tokens.AsSpan(checked((int)start), destination.Length);
        for (var i = 0; i < tokens.Length; i++)
        {
            destination[i] = tokens[i];
        }
    }

    /// <summary>Writes the ids as a token file, so that the text need not be encoded again; <see cref="TokenFile.Open"/> maps it.</summary>
    /// <param name="path">Path of the file; replaced if it exists.</param>
    /// <param name="width">Bytes per token. Default: uint16, which ends at 65535: vocabularies such as Llama 3's need <see cref="TokenWidth.FourBytes"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id does not fit the width; nothing is written.</exception>
    public void Save(string path, TokenWidth width = TokenWidth.TwoBytes) => TokenFile.Write(path, Array.ConvertAll(_tokens, token => (long)token), width);
}
