using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>A tensor to be written: what the header says of it, and how to get it when its turn comes. So a checkpoint need not be in memory as a whole.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Value">Makes the tensor, of any device and layout; runs in a dispose scope of its own.</param>
public sealed record SafetensorsSource(string Name, ScalarType Type, IReadOnlyList<long> Shape, Func<Tensor> Value)
{
    /// <summary>How many bytes it takes in a file.</summary>
    public long ByteLength => Shape.Aggregate((long)SafetensorsType.Width(Type), (bytes, size) => checked(bytes * size));

    internal static SafetensorsSource Of((string Name, Tensor Value) tensor) => new(tensor.Name, tensor.Value.dtype, tensor.Value.shape, () => tensor.Value.alias());
}
