using CoMiGS.Checkpoints;

namespace CoMiGS.Reference.Tests.Models;

/// <summary>Checkpoints in Hugging Face's layout, bare, with adapters and with experts, against the numbers of Hugging Face's own code.</summary>
[Trait("Category", "Reference")]
public sealed class CheckpointTests
{
    public static TheoryData<string, string, Pass> Cases()
    {
        var data = new TheoryData<string, string, Pass>();
        foreach (var name in ReferenceFolder.NamesIn(ReferenceFolder.Models, CheckpointCase.Kind))
        {
            foreach (var part in CheckpointCase.Parts(name))
            {
                foreach (var pass in Enum.GetValues<Pass>())
                {
                    data.Add(name, part, pass);
                }
            }
        }

        return data;
    }

    public static TheoryData<string> Names => [.. ReferenceFolder.NamesIn(ReferenceFolder.Models, CheckpointCase.Kind)];

    /// <summary>The checkpoints that are not in shards.</summary>
    public static TheoryData<string> SingleFiles =>
        [.. ReferenceFolder.NamesIn(ReferenceFolder.Models, CheckpointCase.Kind).Where(name => File.Exists(Path.Combine(ReferenceFolder.Models, name, "model.safetensors")))];

    [ReferenceTheory]
    [MemberData(nameof(Cases))]
    public void Logits_losses_routing_and_gradients_are_those_of_the_reference(string name, string part, Pass pass)
    {
        using var scope = NewDisposeScope();
        using var checkpoint = new CheckpointCase(name, part, pass);

        checkpoint.Check("out.logits", checkpoint.Logits);
        checkpoint.Check("out.token_loss", checkpoint.TokenLosses);
        checkpoint.Check("out.ce", checkpoint.CrossEntropy);
        checkpoint.CheckRouting();
        checkpoint.CheckGradients();
    }

    [ReferenceTheory]
    [MemberData(nameof(Names))]
    public void A_wrong_number_among_the_results_fails(string name)
    {
        using var falsified = new FalsifiedCase(ReferenceFolder.Models, name, name + ".f64.safetensors", "out.logits");
        using var scope = NewDisposeScope();
        using var checkpoint = new CheckpointCase(name, CheckpointCase.Bare, Pass.Exact, falsified.Folder);

        checkpoint.Invoking(c => c.Check("out.logits", c.Logits)).Should().Throw<Exception>().WithMessage("*out.logits has to be*");
        checkpoint.Check("out.ce", checkpoint.CrossEntropy);
    }

    [ReferenceTheory]
    [MemberData(nameof(SingleFiles))]
    public void A_wrong_number_among_the_weights_fails(string name)
    {
        var weight = Path.Combine(name, "model.safetensors");
        using var scope = NewDisposeScope();
        var moved = SafetensorsFile.Read(Path.Combine(ReferenceFolder.Models, weight)).Keys.First(k => k.EndsWith("norm.weight", StringComparison.Ordinal) || k.EndsWith("ln_f.weight", StringComparison.Ordinal));
        using var falsified = new FalsifiedCase(ReferenceFolder.Models, name, weight, moved);
        using var checkpoint = new CheckpointCase(name, CheckpointCase.Bare, Pass.Exact, falsified.Folder);

        checkpoint.Invoking(c => c.Check("out.logits", c.Logits)).Should().Throw<Exception>().WithMessage("*out.logits has to be*");
    }
}
