using CoMiGS.Transport;

namespace CoMiGS.Aggregation.LowRank;

/// <summary>The shared parameters that devices draw from the seed of a run, for strategies that have to know where it starts: A as a fresh adapter's, B zero.</summary>
internal static class FreshAdapters
{
    /// <summary>Why they cannot be known.</summary>
    public static string? Objection(string strategy, DeviceShare device)
    {
        var known = AdapterPairs.RankDimensions(device.Adapters);
        return device.Tensors.FirstOrDefault(spec => !known.ContainsKey(spec.Name)) is { } unknown
            ? $"{strategy} has to know where the run starts, but {unknown.Name} is no factor of an adapter, and only those follow from the seed. Share adapters alone, as SharedRoles.Default does."
            : null;
    }

    /// <summary>The tensors of a device.</summary>
    public static TensorSet Draw(DeviceShare device, long seed)
    {
        var dimensions = AdapterPairs.RankDimensions(device.Adapters);
        return new(device.Tensors.Select(spec =>
        {
            var (rows, columns) = ((int)spec.Shape[0], (int)spec.Shape[1]);
            var values = new float[rows * columns];
            if (dimensions[spec.Name] == 0)
            {
                var fresh = Factors.FreshA(spec.Name, rows, columns, seed);
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = (float)fresh[i / columns, i % columns];
                }
            }

            return NamedTensor.FromFloats(spec.Name, [rows, columns], values);
        }));
    }
}
