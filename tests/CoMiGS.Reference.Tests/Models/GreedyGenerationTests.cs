using CoMiGS.Models;
using CoMiGS.Models.Generation;

namespace CoMiGS.Reference.Tests.Models;

/// <summary>Greedy texts of the checkpoints whose manifest has some, against those of Hugging Face's own generation.</summary>
[Trait("Category", "Reference")]
public sealed class GreedyGenerationTests
{
    private static IEnumerable<ReferenceCase> Cases =>
        ReferenceFolder.NamesIn(ReferenceFolder.Models, CheckpointCase.Kind).Select(name => new ReferenceCase(name, ReferenceFolder.Models)).Where(c => c.Manifest.TryGetProperty("greedy", out _));

    [Theory]
    [InlineData(ScalarType.Float32, true)]
    [InlineData(ScalarType.Float32, false)]
    [InlineData(ScalarType.Float64, true)]
    [InlineData(ScalarType.Float64, false)]
    public void The_tokens_are_those_of_the_reference(ScalarType type, bool useCache)
    {
        using var scope = NewDisposeScope();
        foreach (var reference in Cases)
        {
            var checkpoint = reference.Manifest.GetProperty("checkpoint").GetString()!;
            using var model = Pretrained.Load(Path.Combine(ReferenceFolder.Models, checkpoint), new() { Type = type });
            var expected = Ids(reference.Input("gen.ids"));

            var text = new TokenGenerator(model).Generate(Ids(reference.Input("gen.prompt")), new() { MaximumTokens = expected.Length, UseCache = useCache });

            text.Tokens.Should().Equal(expected, checkpoint);
        }
    }

    private static int[] Ids(Tensor ids) => [.. ids.to(ScalarType.Int64).data<long>().ToArray().Select(id => (int)id)];
}
