using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Routing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Planning;

/// <summary>Makes what is put into a model, on the device and in the mode of the layer it belongs to. Seeds follow from paths, so equal options give equal experts.</summary>
/// <param name="layout">How many experts, and how large.</param>
/// <param name="seed">Seed of all.</param>
internal sealed class ExpertFactory(ExpertLayout layout, Seed seed)
{
    public MoeFeedForward Over(string path, nn.Module module, IFeedForward opened)
    {
        var (experts, router) = Mixture(module, [.. opened.Inputs.Select(Shape)], Shape(opened.Output), opened.Inputs[0].Linear, seed.For(path));
        return new MoeFeedForward(opened, experts, router, module);
    }

    public ExpertMixture Beside(string path, Linear layer)
    {
        var shape = Shape(new(path[(path.LastIndexOf('.') + 1)..], layer));
        var own = seed.For(path);
        if (layout.Router == RouterKind.Embedding)
        {
            return Amole(layer, shape, own);
        }

        var (experts, router) = Mixture(layer, [], shape, layer, own);
        return new LinearExperts(experts, router);
    }

    public LoraAdapter Attention(string path, Linear layer) =>
        new(layer.in_features, layer.out_features, layout.Attention!, ParameterRole.Attention, seed.For(path));

    /// <summary>Before it is told which experts it is assigned, a layer has the first k.</summary>
    private AmoleExperts Amole(Linear layer, ProjectionShape shape, Seed own)
    {
        var router = new EmbeddingRouter(layer.in_features, layout.Lora.Rank, layout.TopK, own.For("router"));
        Added.To(layer, router);
        return new AmoleExperts(Make(ExpertRole.Generalist, "shared"), [.. Enumerable.Range(0, layout.TopK)], id => Make(ExpertRole.Assigned, $"expert {id}"), router);

        Expert Make(ExpertRole role, string label)
        {
            var expert = new Expert(role, [], shape, layout.Lora, own.For(label));
            Added.To(layer, expert);
            return expert;
        }
    }

    private (List<Expert> Experts, IRouter Router) Mixture(nn.Module frozen, IReadOnlyList<ProjectionShape> inputs, ProjectionShape output, Linear first, Seed own)
    {
        List<Expert> experts =
        [
            .. Enumerable.Range(0, layout.Experts).Select(j =>
                new Expert(j < layout.Generalists ? ExpertRole.Generalist : ExpertRole.Specialist, inputs, output, layout.Lora, own.For($"expert {j}"))),
        ];
        experts.ForEach(e => Added.To(frozen, e));
        if (layout.Router == RouterKind.Mean)
        {
            return (experts, new UniformRouter(layout.Experts));
        }

        var router = new TopKRouter(first.in_features, layout.Experts, layout.TopK, own.For("router"), layout.RouterBias);
        Added.To(frozen, router);
        return (experts, router);
    }

    private static ProjectionShape Shape(FeedForwardPart part) => new(part.Name, part.Linear.in_features, part.Linear.out_features);
}
