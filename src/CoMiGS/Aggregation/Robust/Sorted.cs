using CoMiGS.Transport;

namespace CoMiGS.Aggregation.Robust;

/// <summary>Combines every number of the updates by itself, given its values in ascending order.</summary>
internal static class Sorted
{
    public delegate double Rule(ReadOnlySpan<float> sorted);

    public static TensorSet Combine(IReadOnlyList<DeviceUpdate> updates, Rule rule) => new(updates[0].Device.Tensors.Select((spec, t) =>
    {
        var all = updates.Select(update => update.Update.Tensors[t].AsFloats().ToArray()).ToArray();
        var (next, values) = (new float[spec.ElementCount], new float[updates.Count]);
        for (var i = 0; i < next.Length; i++)
        {
            for (var k = 0; k < values.Length; k++)
            {
                values[k] = all[k][i];
            }

            Array.Sort(values);
            next[i] = (float)rule(values);
        }

        return NamedTensor.FromFloats(spec.Name, spec.Shape.AsSpan(), next);
    }));
}
