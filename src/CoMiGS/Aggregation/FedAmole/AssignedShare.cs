using CoMiGS.Transport;

namespace CoMiGS.Aggregation.FedAmole;

/// <summary>What a device shares, with other assigned experts: what it checks in with names some in every layer, as an example of their shapes.</summary>
internal static class AssignedShare
{
    /// <summary>The layers with assigned experts, in the order of the device, with the numbers of those experts.</summary>
    public static IReadOnlyList<(string Layer, IReadOnlyList<int> Ids)> Layers(IEnumerable<TensorSpec> tensors) =>
    [
        .. from spec in tensors
           let name = ExpertName.Parse(spec.Name)
           where name is not null
           group name.Id by name.Layer into layer
           select (layer.Key, (IReadOnlyList<int>)[.. layer.Distinct().Order()]),
    ];

    /// <summary>The same share with the experts of an assignment.</summary>
    /// <param name="device">What the device shares.</param>
    /// <param name="ids">The experts of a layer.</param>
    public static DeviceShare With(DeviceShare device, Func<string, IEnumerable<int>> ids)
    {
        var examples = Layers(device.Tensors).ToDictionary(layer => layer.Layer, layer => layer.Ids[0], StringComparer.Ordinal);
        return device with
        {
            Tensors = [.. device.Tensors.SelectMany(spec => Copies(spec.Name, examples, ids).Select(name => new TensorSpec(name(spec.Name), spec.Type, spec.Shape)))],
            Adapters = [.. device.Adapters.SelectMany(pair => Copies(pair.A, examples, ids).Select(name => new AdapterPair(name(pair.A), name(pair.B), pair.Scale)))],
        };
    }

    /// <summary>How to name what stands in place of a tensor: itself if it is no expert's; each assigned expert's for the example of a layer; nothing for other experts.</summary>
    private static IEnumerable<Func<string, string>> Copies(string tensor, Dictionary<string, int> examples, Func<string, IEnumerable<int>> ids) =>
        ExpertName.Parse(tensor) is not { } expert ? [name => name]
        : expert.Id != examples[expert.Layer] ? []
        : ids(expert.Layer).Select(id => (Func<string, string>)(name => (ExpertName.Parse(name)! with { Id = id }).ToString()));
}
