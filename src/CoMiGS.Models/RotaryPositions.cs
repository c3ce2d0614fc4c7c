using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>
/// Rotary position embeddings (arXiv 2104.09864): the pair (x_i, x_{i + e/2}) of a head is turned by the angle position * f_i, f_i = theta^(-2 i / e), with the
/// frequencies scaled where the model says so. The angles are computed in float64, because a float32 angle far into a window is off by more than the result's precision.
/// </summary>
internal sealed class RotaryPositions
{
    private readonly double[] _frequencies; // (e / 2)

    public RotaryPositions(LlamaOptions options)
    {
        var width = options.HeadSize;
        _frequencies = [.. Enumerable.Range(0, width / 2).Select(i => Math.Pow(options.RopeTheta, -2.0 * i / width)).Select(f => options.RopeScaling?.Apply(f) ?? f)];
    }

    /// <summary>The pass with the rotations at its positions, in the caller's dispose scope.</summary>
    /// <param name="pass">(T) or (B, T) positions.</param>
    /// <param name="type">Type of the heads to be turned.</param>
    public RotaryPass At(AttentionPass pass, ScalarType type)
    {
        var frequencies = tensor(_frequencies, device: pass.Positions.device); // (e / 2)
        var angles = pass.Positions.to(ScalarType.Float64).unsqueeze(-1) * frequencies; // (T, e / 2) or (B, T, e / 2)
        angles = angles.dim() == 3 ? angles.unsqueeze(1) : angles; // rows, then heads
        return new(pass, angles.cos().to(type), angles.sin().to(type));
    }

    /// <summary>Turns every head.</summary>
    /// <param name="x">(B, H, T, e).</param>
    /// <param name="rotation">The rotations of its positions.</param>
    public static Tensor Turn(Tensor x, RotaryPass rotation)
    {
        using var scope = NewDisposeScope();
        var (cosines, sines) = (rotation.Cosines, rotation.Sines);
        var halves = x.chunk(2, -1); // 2 x (B, H, T, e / 2)
        var (a, b) = (halves[0], halves[1]);
        return cat([(a * cosines) - (b * sines), (b * cosines).Plus(a * sines)], -1).MoveToOuterDisposeScope();
    }
}
