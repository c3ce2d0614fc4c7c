namespace CoMiGS.Data;

/// <summary>A long row of token ids that can be read from any place.</summary>
/// <remarks>Reading is thread-safe.</remarks>
public interface ITokenSource
{
    /// <summary>What the source is called in messages, for example its file name.</summary>
    string Name { get; }

    /// <summary>How many tokens there are.</summary>
    long Length { get; }

    /// <summary>Copies tokens.</summary>
    /// <param name="start">First token to read; with the destination it must lie inside the source.</param>
    /// <param name="destination">Filled completely.</param>
    void Read(long start, Span<long> destination);
}
