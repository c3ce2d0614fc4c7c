using CoMiGS.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>What all attentions of one forward pass share: where the tokens stand, what each may look at, and the keys and values of earlier passes.</summary>
/// <remarks>Its tensors belong to the dispose scope of the pass.</remarks>
public sealed class AttentionPass
{
    private readonly KeyValueCache? _cache;
    private readonly CacheWindow? _window;

    private AttentionPass(Tensor positions, Tensor unseen, KeyValueCache? cache, CacheWindow? window)
    {
        Positions = positions;
        Unseen = unseen;
        _cache = cache;
        _window = window;
    }

    /// <summary>Position of every token in its text, int64: (T), or (B, T) where the rows of a batch have read different numbers of tokens before.</summary>
    public Tensor Positions { get; }

    /// <summary>Boolean, true where a token must not look: (T, T), or (B, 1, T, S) over the S slots of the cache.</summary>
    public Tensor Unseen { get; }

    /// <summary>Keys and values that a layer attends to: those of this pass, and with a cache those of all passes before it.</summary>
    /// <param name="layer">Number of the layer, from 0.</param>
    /// <param name="keys">(B, H, T, e) of this pass, positions already in them.</param>
    /// <param name="values">(B, H, T, e) of this pass.</param>
    /// <returns>The same without a cache; with one (B, H, S, e), to be read only.</returns>
    public (Tensor Keys, Tensor Values) Remember(int layer, Tensor keys, Tensor values) =>
        _cache is null ? (keys, values) : _cache.Write(layer, _window!, keys, values);

    /// <summary>A pass that knows of nothing before it.</summary>
    internal static AttentionPass Fresh(long window, Device device) =>
        new(TensorArithmetic.Numbers(window, device), ones([window, window], ScalarType.Bool, device).triu(1), null, null);

    /// <summary>A pass that continues what a cache holds.</summary>
    internal static AttentionPass Continue(KeyValueCache cache, CacheWindow window, Device device)
    {
        var positions = tensor(window.Positions, [window.Rows, window.Columns], ScalarType.Int64, device); // (B, T)
        var slots = TensorArithmetic.Numbers(window.End, device); // (S)
        return new(positions, slots.gt(positions.unsqueeze(-1)).unsqueeze(1), cache, window); // (B, 1, T, S)
    }
}
