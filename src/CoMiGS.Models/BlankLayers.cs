using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>Makes layers whose weights are not filled: whoever asks for them fills them, from a file or from a seed, so nothing is drawn twice.</summary>
/// <param name="Type">Type of the weights.</param>
/// <param name="Device">Where they lie; on the meta device they have shapes and no memory.</param>
internal sealed record BlankLayers(ScalarType Type, Device Device)
{
    public static BlankLayers Default => new(ScalarType.Float32, CPU);

    public Linear Linear(long inputs, long outputs, bool bias = true) => nn.Linear(Parameter(outputs, inputs), bias ? Parameter(outputs) : null);

    public Embedding Embedding(long entries, long width)
    {
        using var none = empty([0, width], Type, Device);
        var embedding = nn.Embedding_from_pretrained(none, freeze: false);
        embedding.parameters().Single().Dispose(); // TorchSharp lists another parameter than the one it computes with, until a weight is set
        embedding.weight = Parameter(entries, width);
        return embedding;
    }

    public LayerNorm LayerNorm(long width, double epsilon) => nn.LayerNorm(width, epsilon, device: Device, dtype: Type);

    public RmsNorm RmsNorm(long width, double epsilon) => new(Parameter(width), epsilon);

    private Parameter Parameter(params long[] shape) => new(empty(shape, Type, Device));
}
