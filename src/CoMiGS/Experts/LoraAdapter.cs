using CoMiGS.Parameters;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Experts;

/// <summary>
/// The low-rank update of one linear map:
/// <code>
///   x (..., in) --[ A: (r, in) ]--> (..., r) --[ s ]--[ B: (out, r) ]--> (..., out)
/// </code>
/// delta(x) = s B A x with s = alpha / sqrt(r) or alpha / r; A ~ Kaiming-uniform(sqrt 5), B = 0 (arXiv 2106.09685 section 4.1).
/// </summary>
/// <remarks>The factors are float32 whatever the type of the base; inputs are converted, outputs are float32.</remarks>
public sealed class LoraAdapter : nn.Module<Tensor, Tensor>, IAdapted
{
    [ComponentName(Name = "lora_A")]
    private readonly Parameter _a; // (r, in)

    [ComponentName(Name = "lora_B")]
    private readonly Parameter _b; // (out, r)

    private readonly Scalar _factor;
    private readonly FactorPair _pair;

    /// <summary>A new adapter, which changes nothing until B is trained.</summary>
    /// <param name="inputs">Input features of the adapted map.</param>
    /// <param name="outputs">Output features of the adapted map.</param>
    /// <param name="config">Rank and scale.</param>
    /// <param name="role">What the two factors are for.</param>
    /// <param name="seed">Seed of A.</param>
    /// <exception cref="ArgumentException">The configuration breaks a rule; the message lists all of them.</exception>
    public LoraAdapter(long inputs, long outputs, LoraConfig config, ParameterRole role, Seed seed)
        : base(nameof(LoraAdapter))
    {
        Config = config.Checked();
        Role = role;
        _factor = config.Factor.ToScalar();
        _pair = new FactorPair(config.Factor);
        _a = new Parameter(zeros([config.Rank, inputs], ScalarType.Float32));
        _b = new Parameter(zeros([outputs, config.Rank], ScalarType.Float32));
        RegisterComponents();
        _a.DetachFromDisposeScope();
        _b.DetachFromDisposeScope();
        foreach (var parameter in AdapterParameters)
        {
            parameter.Initialise(seed);
        }
    }

    /// <summary>Rank, scale and dropout.</summary>
    public LoraConfig Config { get; }

    /// <summary>What the two factors are for.</summary>
    public ParameterRole Role { get; }

    /// <summary>The down projection, (r, in).</summary>
    public Parameter A => _a;

    /// <summary>The up projection, (out, r).</summary>
    public Parameter B => _b;

    /// <inheritdoc/>
    public IEnumerable<NamedParameter> AdapterParameters =>
    [
        new("lora_A", Role, _a, ParameterInit.KaimingUniform(_a.shape[1])) { Factor = LoraFactor.A, Pair = _pair },
        new("lora_B", Role, _b, ParameterInit.Zeros) { Factor = LoraFactor.B, Pair = _pair },
    ];

    /// <summary>s B A x.</summary>
    /// <param name="input">(..., in), of any floating-point type.</param>
    /// <returns>(..., out), of the adapter's type.</returns>
    public override Tensor forward(Tensor input)
    {
        if (training && Config.Dropout > 0)
        {
            input = nn.functional.dropout(input.Cast(_a.dtype), Config.Dropout, training: true);
        }

        return nn.functional.linear(MixedLinear.Of(input, _a) * _factor, _b);
    }
}
