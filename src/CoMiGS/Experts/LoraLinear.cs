using CoMiGS.Parameters;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Experts;

/// <summary>A frozen linear layer with one LoRA adapter beside it: y = W x + b + s B A x.</summary>
public sealed class LoraLinear : nn.Module<Tensor, Tensor>, IAdapted
{
    [ComponentName(Name = "base_layer")]
    private readonly Linear _base;

    [ComponentName(Name = "lora")]
    private readonly LoraAdapter _adapter;

    /// <summary>Puts an adapter beside <paramref name="frozen"/>, which this module takes over and freezes.</summary>
    /// <param name="frozen">The layer of the base model.</param>
    /// <param name="config">Rank and scale.</param>
    /// <param name="role">What the adapter is for; attention projections use <see cref="ParameterRole.Attention"/>.</param>
    /// <param name="seed">Seed of the adapter.</param>
    public LoraLinear(Linear frozen, LoraConfig config, ParameterRole role, Seed seed)
        : base(nameof(LoraLinear))
    {
        _base = frozen;
        _adapter = new LoraAdapter(frozen.in_features, frozen.out_features, config, role, seed);
        foreach (var parameter in frozen.parameters())
        {
            parameter.requires_grad = false;
        }

        RegisterComponents();
    }

    /// <summary>The frozen layer.</summary>
    public Linear BaseLayer => _base;

    /// <summary>The trained update.</summary>
    public LoraAdapter Adapter => _adapter;

    /// <inheritdoc/>
    public IEnumerable<NamedParameter> AdapterParameters => _adapter.AdapterParameters;

    /// <summary>W x + b + s B A x.</summary>
    /// <param name="input">(..., in).</param>
    /// <returns>(..., out), of the input's type.</returns>
    public override Tensor forward(Tensor input) => (_base.call(input) + _adapter.call(input)).Cast(input.dtype);
}
