using CoMiGS.Layers;
using static TorchSharp.torch;

namespace CoMiGS.Models.Tests;

/// <summary>The models that properties of all language models are tested on.</summary>
public sealed record Backbone(string Name)
{
    private static readonly Dictionary<string, Func<LanguageModel>> Bare = new()
    {
        ["GPT"] = Tiny.Gpt,
        ["Llama"] = () => Tiny.Llama(),
    };

    public static TheoryData<Backbone> All => [.. Bare.Keys.SelectMany(name => new Backbone[] { new(name), new(name + " with experts") })];

    public override string ToString() => Name;

    public LanguageModel Create() => Name.EndsWith("experts", StringComparison.Ordinal) ? (LanguageModel)CreateWithExperts().Model : Bare[Name]();

    /// <summary>With weights so large that two tokens are practically never equally likely, so that texts can be compared token by token.</summary>
    public LanguageModel CreateDecided()
    {
        var model = Create();
        using var noGraph = no_grad();
        foreach (var parameter in model.parameters().Where(p => p.dim() == 2))
        {
            parameter.mul_(8);
        }

        return model;
    }

    public MoeModel CreateWithExperts() => Tiny.WithExperts(Bare[Name.Split(' ')[0]]());
}
