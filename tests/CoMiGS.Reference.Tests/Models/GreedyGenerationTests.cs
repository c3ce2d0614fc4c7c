using CoMiGS.Models;
using CoMiGS.Models.Generation;

namespace CoMiGS.Reference.Tests.Models;

/// <summary>Greedy texts of the checkpoints whose manifest has some, against those of Hugging Face's own generation.</summary>
[Trait("Category", "Reference")]
public sealed class GreedyGenerationTests
{
    public static TheoryData<string, ScalarType, bool> Cases()
    {
        var data = new TheoryData<string, ScalarType, bool>();
        foreach (var name in ReferenceFolder.NamesIn(ReferenceFolder.Models, CheckpointCase.Kind).Where(n => ReferenceFolder.Manifest(n, ReferenceFolder.Models).TryGetProperty("greedy", out _)))
        {
            foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
            {
                data.Add(name, type, true);
                data.Add(name, type, false);
            }
        }

        return data;
    }

    [ReferenceTheory]
    [MemberData(nameof(Cases))]
    public void The_tokens_are_those_of_the_reference(string name, ScalarType type, bool useCache)
    {
        using var scope = NewDisposeScope();
        var reference = new ReferenceCase(name, ReferenceFolder.Models);
        using var model = Pretrained.Load(Path.Combine(ReferenceFolder.Models, reference.Manifest.GetProperty("checkpoint").GetString()!), new() { Type = type });
        var expected = Ids(reference.Input("gen.ids"));

        var text = new TokenGenerator(model).Generate(Ids(reference.Input("gen.prompt")), new() { MaximumTokens = expected.Length, UseCache = useCache });

        text.Tokens.Should().Equal(expected);
    }

    private static int[] Ids(Tensor ids) => [.. ids.to(ScalarType.Int64).data<long>().ToArray().Select(id => (int)id)];
}
