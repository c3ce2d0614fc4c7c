using CoMiGS.Transport.Http.Wire;

namespace CoMiGS.Transport.Http.Calling;

/// <summary>What a request carries, and what shows that it arrived whole.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="Digest">The value of <c>Content-Digest</c>.</param>
internal readonly record struct Body(ReadOnlyMemory<byte> Bytes, string Digest)
{
    /// <summary>Nothing.</summary>
    public static Body Empty { get; } = Of(ReadOnlyMemory<byte>.Empty);

    /// <summary>A whole message.</summary>
    public static Body Of(ReadOnlyMemory<byte> bytes) => new(bytes, ContentDigest.Of(bytes.Span));
}
