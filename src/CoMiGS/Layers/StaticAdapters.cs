using CoMiGS.Experts;
using CoMiGS.Parameters;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>One LoRA adapter beside each of some linear layers: a model with a single expert and nothing to route, as adapters that were trained elsewhere are.</summary>
public static class StaticAdapters
{
    /// <summary>Freezes a model and puts fresh adapters beside the layers that are named, each of its own rank and scale. They change nothing until their B is set.</summary>
    /// <param name="model">The base model; the handle owns it from now on.</param>
    /// <param name="layers">Paths of layers of type <c>Linear</c>, for example <c>model.layers.0.self_attn.q_proj</c>, with rank and scale.</param>
    /// <param name="role">Whether the expert is shared or private. Default: shared.</param>
    /// <param name="seed">Seed of the factors A.</param>
    /// <exception cref="ArgumentException">No layers, one that is named twice, or that the model lacks; the message lists all of them.</exception>
    /// <exception cref="InvalidOperationException">The model has experts or adapters already.</exception>
    public static MoeModel AddStaticAdapters(this nn.Module<Tensor, Tensor> model, IReadOnlyList<(string Path, LoraConfig Config)> layers, ExpertRole role = ExpertRole.Generalist, Seed seed = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(layers);
        RefuseAdapted(model);
        var linears = Find(model, layers);
        var hooks = new LinearHooks(model);
        var fingerprint = BaseFingerprint.Of(model);
        var generalist = role == ExpertRole.Generalist;
        var parameterRole = generalist ? ParameterRole.Generalist : ParameterRole.Specialist;
        Placement[] placements =
        [
            .. layers.Zip(linears, (layer, linear) => hooks.Prepare(
                layer.Path, linear, new LoraAdapter(linear.in_features, linear.out_features, layer.Config, parameterRole, seed.For(layer.Path)))),
        ];
        var trainable = Placement.PutAll(model, placements);
        var layout = new ExpertLayout(generalist ? 1 : 0, generalist ? 0 : 1, layers[0].Config, null, RouterKind.Mean, 1);
        return new MoeModel(model, layout, fingerprint, placements, trainable);
    }

    /// <exception cref="InvalidOperationException">The model has experts or adapters already.</exception>
    internal static void RefuseAdapted(nn.Module model)
    {
        if (model.modules().Any(m => m is IAdapted))
        {
            throw new InvalidOperationException($"{model.GetType().Name} has experts or adapters already. Add experts once, to the bare base model; RemoveExperts makes it bare again.");
        }
    }

    private static List<Linear> Find(nn.Module model, IReadOnlyList<(string Path, LoraConfig Config)> layers)
    {
        var modules = model.named_modules().GroupBy(m => m.name).ToDictionary(g => g.Key, g => g.First().module);
        var violations = layers.Where(l => modules.GetValueOrDefault(l.Path) is not Linear)
            .Select(l => modules.TryGetValue(l.Path, out var module) ? $"'{l.Path}' is a {module.GetType().Name}, not a Linear." : $"'{l.Path}' is not in the model.")
            .Concat(layers.GroupBy(l => l.Path).Where(g => g.Count() > 1).Select(g => $"'{g.Key}' is named {g.Count()} times."))
            .Concat(layers.SelectMany(l => l.Config.Violations().Select(v => $"'{l.Path}': {v}")))
            .Concat(layers.Count == 0 ? ["No layer is named."] : [])
            .ToList();
        return violations.Count == 0
            ? [.. layers.Select(l => (Linear)modules[l.Path])]
            : throw new ArgumentException($"Adapters cannot be put into {model.GetType().Name}:{Environment.NewLine}- {string.Join($"{Environment.NewLine}- ", violations)}", nameof(layers));
    }
}
