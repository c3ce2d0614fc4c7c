using CoMiGS.Transport;

namespace CoMiGS.Aggregation.PeerTrust;

/// <summary>The tensors of several devices in one set: each under <c>device/tensor</c>.</summary>
public static class PeerSet
{
    private const char Separator = '/';

    /// <summary>Puts sets together.</summary>
    /// <param name="peers">The tensors of every device.</param>
    public static TensorSet Join(IEnumerable<(string Device, TensorSet Tensors)> peers)
    {
        ArgumentNullException.ThrowIfNull(peers);
        return new(peers.SelectMany(peer => peer.Tensors.Select(tensor => new NamedTensor(Named(tensor.Spec, peer.Device + Separator + tensor.Spec.Name), tensor.Data))));
    }

    /// <summary>Takes sets apart.</summary>
    /// <param name="joined">What <see cref="Join"/> made.</param>
    /// <param name="own">What each device shares.</param>
    /// <returns>The devices in the order of the set; empty when it holds no peer with these tensors.</returns>
    public static IReadOnlyList<(string Device, TensorSet Tensors)> Split(TensorSet joined, IReadOnlyList<TensorSpec> own)
    {
        ArgumentNullException.ThrowIfNull(joined);
        ArgumentNullException.ThrowIfNull(own);
        return own.Count == 0 ? [] :
        [
            .. from tensor in joined
               where tensor.Spec.Name.EndsWith(Separator + own[0].Name, StringComparison.Ordinal)
               let device = tensor.Spec.Name[..^(own[0].Name.Length + 1)]
               where own.All(spec => joined.TryGet(device + Separator + spec.Name, out var found) && Named(found.Spec, spec.Name) == spec)
               select (device, new TensorSet(own.Select(spec => new NamedTensor(spec, joined[device + Separator + spec.Name].Data)))),
        ];
    }

    /// <summary>The weighted sum of the devices' tensors, in double precision and the order given.</summary>
    /// <param name="peers">The tensors of every device, all alike.</param>
    /// <param name="weights">The weight of each.</param>
    public static TensorSet Mix(IReadOnlyList<TensorSet> peers, IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(peers);
        ArgumentNullException.ThrowIfNull(weights);
        return new(peers[0].Specs.Select((spec, t) =>
        {
            var sum = new double[spec.ElementCount];
            for (var i = 0; i < peers.Count; i++)
            {
                var values = peers[i][t].AsFloats();
                for (var j = 0; j < sum.Length; j++)
                {
                    sum[j] += weights[i] * values[j];
                }
            }

            return NamedTensor.FromFloats(spec.Name, spec.Shape.AsSpan(), [.. sum.Select(value => (float)value)]);
        }));
    }

    private static TensorSpec Named(TensorSpec spec, string name) => new(name, spec.Type, spec.Shape);
}
