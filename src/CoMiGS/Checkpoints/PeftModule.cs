using CoMiGS.Experts;
using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>What an adapter file has for one linear layer.</summary>
/// <param name="Path">The layer in the class that PEFT wrapped, for example <c>model.layers.0.self_attn.q_proj</c>.</param>
/// <param name="A">The down projection, (r, in), float32 (float64 if the file has that).</param>
/// <param name="B">The up projection, (out, r), of the same type.</param>
/// <param name="Config">Rank and scale of this layer, after the patterns.</param>
public sealed record PeftModule(string Path, Tensor A, Tensor B, LoraConfig Config);
