using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>
/// A language model whose logits are one linear map, without bias, of its last hidden states. Its loss is computed without the logits of the whole batch ever lying in
/// memory (<c>LanguageModelLoss</c>).
/// </summary>
/// <remarks>That passes by the hooks of the model itself and of its head; all other layers are reached by <c>call</c>.</remarks>
public interface ILinearHead
{
    /// <summary>The map's weight, (V, d).</summary>
    Tensor HeadWeight { get; }

    /// <summary>The layer that the weight belongs to; while adapters are beside it, the logits are computed as a whole.</summary>
    /// <value>Default: null, the weight is that of the token embeddings.</value>
    Linear? HeadLayer => null;

    /// <summary>What <c>forward</c> multiplies by the weight.</summary>
    /// <param name="input">(B, T) ids.</param>
    /// <returns>(B, T, d), in the caller's dispose scope.</returns>
    Tensor HiddenStates(Tensor input);
}
