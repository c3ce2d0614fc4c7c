using CoMiGS.Data;

namespace CoMiGS.Bench.Steps;

/// <summary>The beginning of a text.</summary>
/// <param name="whole">The text.</param>
/// <param name="length">How many tokens of it.</param>
internal sealed class FirstTokens(ITokenSource whole, long length) : ITokenSource
{
    /// <inheritdoc/>
    public string Name => whole.Name;

    /// <inheritdoc/>
    public long Length => length;

    /// <inheritdoc/>
    public void Read(long start, Span<long> destination) => whole.Read(start, destination);
}
