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

    public string Hash { get; }

    public static EncodedSet Of(TensorSet tensors, PayloadLimits limits) =>
        Known.GetValue(tensors, set => new Lazy<EncodedSet>(() => new EncodedSet(PayloadCodec.Encode(set, limits)))).Value;
}
