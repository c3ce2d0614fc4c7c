using CoMiGS.Layers;

namespace CoMiGS.Models.Tests;

/// <summary>The models that properties of all language models are tested on.</summary>
public sealed record Backbone(string Name)
{
    private static readonly Dictionary<string, Func<LanguageModel>> Bare = new()
    {
        ["GPT"] = Tiny.Gpt,
    };

    public static TheoryData<Backbone> All => [.. Bare.Keys.SelectMany(name => new Backbone[] { new(name), new(name + " with experts") })];

    public override string ToString() => Name;

    public LanguageModel Create() => Name.EndsWith("experts", StringComparison.Ordinal) ? (LanguageModel)CreateWithExperts().Model : Bare[Name]();

    public MoeModel CreateWithExperts() => Tiny.WithExperts(Bare[Name.Split(' ')[0]]());
}
