using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>A forward pass with the rotations of its positions, which are the same in every layer.</summary>
/// <param name="Pass">Positions, mask and memory.</param>
/// <param name="Cosines">(T, e / 2), or (B, 1, T, e / 2) where rows stand at different positions.</param>
/// <param name="Sines">The same.</param>
internal sealed record RotaryPass(AttentionPass Pass, Tensor Cosines, Tensor Sines);
