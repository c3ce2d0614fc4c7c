using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.Experts;

/// <summary>
/// One expert of a block: a LoRA adapter for each linear map of the frozen feed-forward that all experts of the block share.
/// It holds only its low-rank factors; the block computes with them (see <c>Layers.MoeFeedForward</c>).
/// </summary>
public sealed class Expert : nn.Module, IAdapted
{
    private readonly List<(string Name, LoraAdapter Adapter)> _adapters;

    /// <summary>A new expert.</summary>
    /// <param name="role">Shared, private or assigned.</param>
    /// <param name="inputs">The input projections of the feed-forward: one for GPT-2, gate and up for Llama, none beside a single linear layer.</param>
    /// <param name="output">The output projection.</param>
    /// <param name="config">Rank and scale of every adapter.</param>
    /// <param name="seed">Seed of the factors.</param>
    public Expert(ExpertRole role, IReadOnlyList<ProjectionShape> inputs, ProjectionShape output, LoraConfig config, Seed seed)
        : base(nameof(Expert))
    {
        Role = role;
        Config = config;
        var parameterRole = role switch
        {
            ExpertRole.Generalist => ParameterRole.Generalist,
            ExpertRole.Specialist => ParameterRole.Specialist,
            _ => ParameterRole.Assigned,
        };
        _adapters = [.. inputs.Append(output).Select(p =>
            (p.Name, new LoraAdapter(p.Inputs, p.Outputs, config, parameterRole, seed.For(p.Name))))];
        foreach (var (name, adapter) in _adapters)
        {
            register_module(name.Replace('.', '/'), adapter); // the name of a child has no dots
        }
    }

    /// <summary>Shared, private or assigned.</summary>
    public ExpertRole Role { get; }

    /// <summary>Rank and scale of its adapters.</summary>
    public LoraConfig Config { get; }

    /// <summary>All adapters by the name of the projection they adapt, the output's last.</summary>
    public IReadOnlyList<(string Name, LoraAdapter Adapter)> Adapters => _adapters;

    /// <summary>The adapter of input projection <paramref name="projection"/>.</summary>
    public LoraAdapter Input(int projection) => _adapters[projection].Adapter;

    /// <summary>The adapter of the output projection.</summary>
    public LoraAdapter Output => _adapters[^1].Adapter;

    /// <inheritdoc/>
    public IEnumerable<NamedParameter> AdapterParameters =>
        _adapters.SelectMany(a => a.Adapter.AdapterParameters.Select(p => p.Under(a.Name)));
}
