using CoMiGS.Parameters;
using CoMiGS.Transport;

namespace CoMiGS.Bench.Coordination;

/// <summary>Updates of random numbers, as large as the generalist and the attention adapters of a GPT-2-small at rank 8.</summary>
/// <param name="Tensors">How many tensors.</param>
/// <param name="Rows">Rows of each.</param>
/// <param name="Columns">Columns of each.</param>
internal sealed record SyntheticUpdate(int Tensors, int Rows, int Columns)
{
    /// <summary>The base model of all devices.</summary>
    public const string Base = "base";

    /// <summary>What every device counts.</summary>
    public const long Samples = 100;

    private const double Spread = 0.02;

    /// <summary>1,179,648 numbers, 4.7 MB in float32.</summary>
    public static SyntheticUpdate Gpt2Small { get; } = new(96, 8, 1536);

    /// <summary>To see that something runs.</summary>
    public static SyntheticUpdate Tiny { get; } = new(2, 4, 64);

    /// <summary>Of what is asked for.</summary>
    public static SyntheticUpdate Of(bool smoke) => smoke ? Tiny : Gpt2Small;

    /// <summary>Names and shapes.</summary>
    public IReadOnlyList<TensorSpec> Specs => [.. Enumerable.Range(0, Tensors).Select(i => new TensorSpec($"h.{i}.lora", TensorType.Float32, [Rows, Columns]))];

    /// <summary>Numbers of an update.</summary>
    /// <param name="seed">Other numbers for each.</param>
    public TensorSet Numbers(long seed)
    {
        var random = new SeededRandom(new Seed(seed));
        return new(Specs.Select(spec => NamedTensor.FromFloats(spec.Name, spec.Shape.AsSpan(), [.. Enumerable.Range(0, (int)spec.ElementCount).Select(_ => (float)(Spread * random.NextNormal()))])));
    }

    /// <summary>The check-in of a device.</summary>
    /// <param name="run">The run.</param>
    /// <param name="device">The device.</param>
    /// <param name="specs">What it shares.</param>
    public static CheckIn CheckIn(string run, string device, IReadOnlyList<TensorSpec> specs) => new(run, device, Base, specs, Samples, ProtocolVersion.Current);

    /// <summary>The update of a device.</summary>
    public static ExpertUpdate Update(string run, int round, string device, TensorSet tensors) => new(run, round, device, 1, Base, Samples, tensors, new Dictionary<string, double>());
}
