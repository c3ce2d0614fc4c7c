using System.Runtime.CompilerServices;
using CoMiGS.Transport.Http.Wire;

namespace CoMiGS.Transport.Http.Serving;

/// <summary>Shared parameters as they are downloaded: encoded and hashed once for as long as the coordinator keeps the set.</summary>
internal sealed class EncodedSet
{
    private static readonly ConditionalWeakTable<TensorSet, Lazy<EncodedSet>> Known = [];

    private readonly byte[] _digests;

    private EncodedSet(byte[] payload)
    {
        Payload = payload;
        _digests = ContentHash.Blocks(payload);
        Hash = ContentHash.OfBlocks(_digests);
    }

    public ReadOnlyMemory<byte> Payload { get; }

    public string Hash { get; }

    /// <summary>The digest of a part; at hand for parts that are whole blocks.</summary>
    /// <param name="from">Where it begins.</param>
    /// <param name="length">How long it is.</param>
    public string DigestOf(int from, int length)
    {
        var areBlocks = from % ContentHash.BlockBytes == 0 && (length % ContentHash.BlockBytes == 0 || from + length == Payload.Length);
        return ContentDigest.OfBlocks(areBlocks ? _digests.AsSpan(ContentHash.DigestsOf(from), ContentHash.DigestsOf(length)) : ContentHash.Blocks(Payload.Slice(from, length)));
    }

    public static EncodedSet Of(TensorSet tensors, PayloadLimits limits) =>
        Known.GetValue(tensors, set => new Lazy<EncodedSet>(() => new EncodedSet(PayloadCodec.Encode(set, limits)))).Value;
}
