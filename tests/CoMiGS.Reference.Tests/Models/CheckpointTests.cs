using CoMiGS.Checkpoints;

namespace CoMiGS.Reference.Tests.Models;

/// <summary>Checkpoints in Hugging Face's layout, bare, with adapters and with experts, against the numbers of Hugging Face's own code.</summary>
[Trait("Category", "Reference")]
public sealed class CheckpointTests
{
    public static TheoryData<string, string, ScalarType> Cases()
    {
        var data = new TheoryData<string, string, ScalarType>();
        foreach (var name in ReferenceFolder.NamesIn(ReferenceFolder.Models, CheckpointCase.Kind))
        {
            foreach (var part in CheckpointCase.Parts(name))
            {
                data.Add(name, part, ScalarType.Float32);
                data.Add(name, part, ScalarType.Float64);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Logits_losses_routing_and_gradients_are_those_of_the_reference(string name, string part, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var checkpoint = new CheckpointCase(name, part, type);

        checkpoint.Check("out.logits", checkpoint.Logits);
        checkpoint.Check("out.token_loss", checkpoint.TokenLosses);
        checkpoint.Check("out.ce", checkpoint.CrossEntropy);
        checkpoint.CheckRouting();
        checkpoint.CheckGradients();
    }

    [Fact]
    public void A_wrong_number_among_the_results_fails()
    {
        var name = ReferenceFolder.NamesIn(ReferenceFolder.Models, CheckpointCase.Kind).First();
        using var falsified = new FalsifiedCase(ReferenceFolder.Models, name, name + ".f64.safetensors", "out.logits");
        using var scope = NewDisposeScope();
        using var checkpoint = new CheckpointCase(name, CheckpointCase.Bare, ScalarType.Float64, falsified.Folder);

        checkpoint.Invoking(c => c.Check("out.logits", c.Logits)).Should().Throw<Exception>().WithMessage("*out.logits has to be*");
        checkpoint.Check("out.ce", checkpoint.CrossEntropy);
    }

    [Fact]
    public void A_wrong_number_among_the_weights_fails()
    {
        var name = ReferenceFolder.NamesIn(ReferenceFolder.Models, CheckpointCase.Kind).First(n => File.Exists(Path.Combine(ReferenceFolder.Models, n, "model.safetensors")));
        var weight = Path.Combine(name, "model.safetensors");
        using var scope = NewDisposeScope();
        var moved = SafetensorsFile.Read(Path.Combine(ReferenceFolder.Models, weight)).Keys.First(k => k.EndsWith("norm.weight", StringComparison.Ordinal) || k.EndsWith("ln_f.weight", StringComparison.Ordinal));
        using var falsified = new FalsifiedCase(ReferenceFolder.Models, name, weight, moved);
        using var checkpoint = new CheckpointCase(name, CheckpointCase.Bare, ScalarType.Float64, falsified.Folder);

        checkpoint.Invoking(c => c.Check("out.logits", c.Logits)).Should().Throw<Exception>().WithMessage("*out.logits has to be*");
    }
}
