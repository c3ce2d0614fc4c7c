using System.Text;

namespace CoMiGS.Data;

/// <summary>Text as its UTF-8 bytes, one token a byte: a vocabulary of 256 that every text fits into.</summary>
public sealed class TextBytes : ITokenSource
{
    /// <summary>How many different tokens there are.</summary>
    public const int VocabularySize = 256;

    private readonly byte[] _bytes;

    private TextBytes(string name, byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            throw new ArgumentException($"'{name}' is empty. A split needs at least two tokens, one to read and one to predict.");
        }

        Name = name;
        _bytes = bytes;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long Length => _bytes.Length;

    /// <summary>Reads a text file whole.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ArgumentException">The file is empty.</exception>
    public static TextBytes Open(string path) =>
        File.Exists(path)
            ? new(path, File.ReadAllBytes(path))
            : throw new FileNotFoundException($"There is no text file '{path}'. Give the path of an existing UTF-8 text file.", path);

    /// <summary>Takes a text from memory.</summary>
    /// <param name="text">The text; not empty.</param>
    /// <param name="name">What to call it in messages.</param>
    public static TextBytes From(string text, string name = "text") => new(name, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc/>
    public void Read(long start, Span<long> destination)
    {
        var bytes = _bytes.AsSpan(checked((int)start), destination.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            destination[i] = bytes[i];
        }
    }
}
