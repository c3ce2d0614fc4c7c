using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CoMiGS.Transport.Http.Wire;

namespace CoMiGS.Transport.Http.Serving;

/// <summary>Shared parameters as they are downloaded: encoded and hashed once for as long as the coordinator keeps the set.</summary>
internal sealed class EncodedSet
{
    private static readonly ConditionalWeakTable<TensorSet, Lazy<EncodedSet>> Known = [];

    private EncodedSet(byte[] payload)
    {
        Payload = payload;
        Hash = ContentHash.Of(payload);
    }

    public ReadOnlyMemory<byte> Payload { get; }

    private ConcurrentDictionary<int, string> Digests { get; } = [];

    public string Hash { get; }

    /// <summary>The digest of a part; made once for the parts that devices usually ask for.</summary>
    /// <param name="from">Where it begins.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="usual">How long parts usually are, but for the last.</param>
    public string DigestOf(int from, int length, int usual)
    {
        var isUsual = from % usual == 0 && length == Math.Min(usual, Payload.Length - from);
        return isUsual ? Digests.GetOrAdd(from, _ => Digest()) : Digest();

        string Digest() => ContentDigest.Of(Payload.Span.Slice(from, length));
    }

    public static EncodedSet Of(TensorSet tensors, PayloadLimits limits) =>
        Known.GetValue(tensors, set => new Lazy<EncodedSet>(() => new EncodedSet(PayloadCodec.Encode(set, limits)))).Value;
}
