namespace CoMiGS.Data;

/// <summary>Tokens in memory, for example those of a tokenizer.</summary>
public sealed class TokenArray : ITokenSource
{
    private readonly int[] _tokens;

    /// <summary>Takes ids.</summary>
    /// <param name="tokens">The ids; not copied.</param>
    /// <param name="name">What to call them in messages.</param>
    public TokenArray(int[] tokens, string name = "tokens")
    {
        ArgumentNullException.ThrowIfNull(tokens);
        _tokens = tokens;
        Name = name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long Length => _tokens.Length;

    /// <inheritdoc/>
    public void Read(long start, Span<long> destination)
    {
        var tokens = _tokens.AsSpan(checked((int)start), destination.Length);
        for (var i = 0; i < tokens.Length; i++)
        {
            destination[i] = tokens[i];
        }
    }
}
