namespace CoMiGS.Transport.Http.Wire;

/// <summary>Names of the protocol's headers and content types.</summary>
internal static class WireHeaders
{
    /// <summary>The digest of the bytes of this very message (RFC 9530); on every body in either direction.</summary>
    public const string ContentDigest = "Content-Digest";

    /// <summary>How many bytes each chunk of an upload has, but for the last.</summary>
    public const string ChunkBytes = "CoMiGS-Chunk-Bytes";

    /// <summary>The coordinator's clock in milliseconds since 1970, when it refuses a proof as too old or too new.</summary>
    public const string Time = "CoMiGS-Time";

    /// <summary>The proof that a request comes from the holder of the key (RFC 9449).</summary>
    public const string Proof = "DPoP";

    /// <summary>The scheme of <c>Authorization</c> with a token.</summary>
    public const string TokenScheme = "DPoP";

    /// <summary>The scheme of <c>Authorization</c> with a one-time code.</summary>
    public const string CodeScheme = "CoMiGS-Code";

    /// <summary>A payload of <see cref="PayloadCodec"/>.</summary>
    public const string Payload = "application/vnd.comigs.payload";

    /// <summary>A chunk of a payload, or a map of chunks.</summary>
    public const string Bytes = "application/octet-stream";

    /// <summary>A token.</summary>
    public const string Token = "application/jwt";
}
