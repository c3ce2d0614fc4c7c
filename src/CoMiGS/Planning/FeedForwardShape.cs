using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Planning;

/// <summary>How a feed-forward opens up, with its layers given by name.</summary>
public sealed class FeedForwardShape
{
    /// <summary>Paths of the input projections inside the module, for example <c>fc1</c>, or <c>gate_proj</c> and <c>up_proj</c>.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Path of the output projection inside the module.</summary>
    public required string Output { get; init; }

    /// <summary>The activation, or SiLU(gate) * up: tensors of shape (N, f) in the order of <see cref="Inputs"/>, of which none may be changed in place, to one.</summary>
    public required Func<IReadOnlyList<Tensor>, Tensor> Combine { get; init; }

    /// <summary>What comes after the output projection, such as dropout.</summary>
    /// <value>Default: null, nothing.</value>
    public Func<Tensor, Tensor>? Finish { get; init; }

    internal FeedForwardParts Open(nn.Module module)
    {
        var layers = module.named_modules().ToLookup(m => m.name, m => m.module);
        var missing = Inputs.Append(Output).Where(name => layers[name].FirstOrDefault() is not Linear).ToList();
        return missing.Count == 0
            ? new([.. Inputs.Select(Layer)], Layer(Output), Combine, Finish)
            : throw new InvalidOperationException($"it has no Linear called {string.Join(" or ", missing)}; its modules are {string.Join(", ", module.named_modules().Select(m => $"{m.name} ({m.module.GetType().Name})"))}");

        Linear Layer(string name) => (Linear)layers[name].First();
    }
}
