using CoMiGS.Federation;
using CoMiGS.Federation.Methods;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using CoMiGS.Transport;

namespace CoMiGS.Tests.Federation.Methods;

/// <summary>What a coordinator assigns is taken whole or not at all.</summary>
public sealed class AssignedExpertsTests : IDisposable
{
    private readonly MoeModel _model = Tiny.Moe(new ExpertOptions { Router = RouterKind.Embedding, TargetModules = ["c_attn"], Specialists = 0, AttentionRank = 0, Rank = 2 });
    private readonly BilevelTrainer _trainer;
    private readonly AssignedExperts _training;

    public AssignedExpertsTests()
    {
        _trainer = new BilevelTrainer(_model, Tiny.Data(), new() { Window = Tiny.Window, BatchSize = 2, RouterSchedule = RouterSchedule.Joint });
        var inner = new MoeLocalTraining(_model, _trainer, 10, SharedRoles.Of(ParameterRole.Generalist, ParameterRole.Assigned, ParameterRole.Router));
        _training = new AssignedExperts(inner, _model, _trainer, Tiny.Data().Train, Tiny.Window, 2);
    }

    public static TheoryData<string> Malformations => new(Spoilt.Keys);

    private static Dictionary<string, Func<IEnumerable<TensorSpec>, IEnumerable<TensorSpec>>> Spoilt { get; } = new()
    {
        ["one is missing"] = specs => specs.Skip(1),
        ["the last is missing"] = specs => specs.SkipLast(1),
        ["one is too many"] = specs => specs.Append(new TensorSpec("h.0.attn.c_attn.surplus", TensorType.Float32, [1])),
        ["an expert lacks half of its adapter"] = specs => specs.Where(spec => spec.Name != "h.1.attn.c_attn.experts.6.c_attn.lora_B"),
        ["an expert has another rank"] = specs => specs.Select(spec => spec.Name == "h.1.attn.c_attn.experts.6.c_attn.lora_A" ? new TensorSpec(spec.Name, spec.Type, [3, 16]) : spec),
        ["an expert is called otherwise"] = specs => specs.Select(spec => new TensorSpec(spec.Name.Replace("experts.6.", "experts.06.", StringComparison.Ordinal), spec.Type, spec.Shape)),
        ["a layer is another"] = specs => specs.Select(spec => new TensorSpec(spec.Name.Replace("h.1.", "h.7.", StringComparison.Ordinal), spec.Type, spec.Shape)),
        ["there is nothing"] = _ => [],
    };

    public void Dispose()
    {
        _trainer.Dispose();
        _model.Dispose();
    }

    [Fact]
    public void A_download_of_other_experts_is_taken_whole()
    {
        _training.Import(Tensors(Values(Other), 0.5f));

        Held().Should().AllSatisfy(ids => ids.Should().Equal(3, 6));
        Numbers().Should().AllBeEquivalentTo(0.5f);
    }

    [Theory]
    [MemberData(nameof(Malformations))]
    public void A_malformed_download_changes_nothing(string how)
    {
        var (held, numbers) = (Held(), Numbers());

        _training.Invoking(t => t.Import(Tensors(Spoilt[how](Values(Other)), 0.5f))).Should().Throw<ArgumentException>().WithMessage("*Use the same*");

        Held().Should().BeEquivalentTo(held);
        Numbers().Should().Equal(numbers);
        _training.Import(Tensors(Values(Other), 0.5f));
        Numbers().Should().AllBeEquivalentTo(0.5f);
    }

    [Theory]
    [MemberData(nameof(Malformations))]
    public void A_malformed_plan_changes_nothing(string how)
    {
        var (held, numbers) = (Held(), Numbers());

        _training.Accept(Plan(Spoilt[how](Other))).Should().Contain("Use the same");

        Held().Should().BeEquivalentTo(held);
        Numbers().Should().Equal(numbers);
        _training.Accept(Plan(Other)).Should().BeNull();
        _training.Export().Specs.Should().Equal(Other, "it sends what it was assigned");
    }

    /// <summary>Experts 3 and 6 in place of those that the device was made with.</summary>
    private List<TensorSpec> Other =>
    [
        .. _training.SharedParameters.Select(spec => new TensorSpec(
            spec.Name.Replace("experts.0.", "experts.3.", StringComparison.Ordinal).Replace("experts.1.", "experts.6.", StringComparison.Ordinal), spec.Type, spec.Shape)),
    ];

    private static IEnumerable<TensorSpec> Values(IEnumerable<TensorSpec> specs) => specs.Where(spec => !spec.Name.EndsWith("embedding", StringComparison.Ordinal));

    private static TensorSet Tensors(IEnumerable<TensorSpec> specs, float value) =>
        new(specs.Select(spec => NamedTensor.FromFloats(spec.Name, spec.Shape.AsSpan(), [.. Enumerable.Repeat(value, (int)spec.ElementCount)])));

    private static RoundPlan Plan(IEnumerable<TensorSpec> shared) => new("run", 1, 1, 0, 42, 1, [.. shared], "base", null);

    private List<int[]> Held() => [.. _model.Blocks.Cast<AmoleExperts>().Select(block => block.Ids.ToArray())];

    private List<float> Numbers() => [.. _model.Parameters.SelectMany(parameter => parameter.Value.detach().data<float>().ToArray())];
}
