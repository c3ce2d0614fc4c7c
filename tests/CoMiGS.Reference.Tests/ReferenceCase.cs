using System.Text.Json;
using CoMiGS.Checkpoints;

namespace CoMiGS.Reference.Tests;

/// <summary>One case: its manifest, its inputs with float32 results, and its float64 results. The tensors belong to the current dispose scope.</summary>
internal sealed class ReferenceCase
{
    private readonly IReadOnlyDictionary<string, Tensor> _single;
    private readonly IReadOnlyDictionary<string, Tensor> _double;

    public ReferenceCase(string name, string? folder = null)
    {
        var path = Path.Combine(folder ?? ReferenceFolder.Path, name);
        Manifest = ReferenceFolder.Manifest(name, folder);
        _single = SafetensorsFile.Read(path + ".safetensors");
        _double = SafetensorsFile.Read(path + ".f64.safetensors");
    }

    public JsonElement Manifest { get; }

    /// <summary>An input, a parameter or a float32 result.</summary>
    public Tensor Input(string name) => _single[name];

    /// <summary>A result in the given type; null where the case has none.</summary>
    public Tensor? Result(string name, ScalarType type) => (type == ScalarType.Float64 ? _double : _single).GetValueOrDefault(name);

    /// <summary>Everything whose name begins with a prefix, by the rest of the name.</summary>
    public IReadOnlyDictionary<string, Tensor> Group(string prefix, ScalarType type = ScalarType.Float32) =>
        (type == ScalarType.Float64 ? _double : _single).Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(t => t.Key[prefix.Length..], t => t.Value);

    /// <summary>How far a value may be from its reference: in float64 1e-9 of the reference's size, in float32 ten times what the manifest saw between the types.</summary>
    public double Tolerance(string quantity, ScalarType type, Tensor expected)
    {
        var size = Math.Max(1, expected.numel() == 0 ? 0 : expected.abs().max().ToDouble());
        return type == ScalarType.Float64 ? 1e-9 * size : Math.Max(10 * Observed(quantity), 1e-6 * size);
    }

    private double Observed(string quantity) =>
        Manifest.TryGetProperty("max_abs_diff_f32_f64", out var differences) && differences.TryGetProperty(quantity, out var difference) ? difference.GetDouble() : 0;
}
