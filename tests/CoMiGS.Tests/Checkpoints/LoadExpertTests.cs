using CoMiGS.Checkpoints;
using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

public sealed class LoadExpertTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("comigs").FullName;

    [Fact]
    public void An_expert_of_another_model_is_loaded_bit_for_bit_and_the_others_stay()
    {
        using var source = Tiny.Moe();
        PeftLayoutTests.Randomise(source);
        source.Save(_root);
        using var moe = Tiny.Moe(new() { Specialists = 2, Seed = 5 });
        var before = Parameters(moe);

        moe.LoadExpert("specialist-1", Path.Combine(_root, "generalist-0"));

        var wanted = Parameters(source);
        foreach (var (name, values) in Parameters(moe))
        {
            values.Should().Equal(name.Contains("experts.2", StringComparison.Ordinal) ? wanted[name.Replace("experts.2", "experts.0", StringComparison.Ordinal)] : before[name]);
        }
    }

    [Theory]
    [InlineData(LoraScaling.Classic, 16)]
    [InlineData(LoraScaling.RankStabilized, 16)]
    [InlineData(LoraScaling.RankStabilized, 5)]
    public void Another_scale_is_folded_into_B_so_that_the_update_is_the_same(LoraScaling scaling, double alpha)
    {
        PeftFolder.Expert().With("lora_alpha", "12").Write(_root); // s = 12 / 8
        using var moe = Tiny.Moe(new() { Scaling = scaling, Alpha = alpha });

        moe.LoadExpert("specialist-0", _root);

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var modules = PeftAdapter.Read(_root).Modules.ToDictionary(m => m.Path["transformer.".Length..]);
        foreach (var (path, adapter) in moe.AdapterGroups().Single(g => g.Name == "specialist-0").Adapters)
        {
            var x = ones(1, adapter.A.shape[1]);
            var expected = x.mm(modules[path].A.t()).mm(modules[path].B.t()) * 1.5;
            (adapter.call(x) - expected).abs().max().ToDouble().Should().BeLessThan(1e-6);
        }
    }

    [Fact]
    public void A_model_that_computes_in_double_gets_doubles()
    {
        PeftFolder.Expert().Write(_root);
        using var moe = Tiny.Moe();
        moe.Model.to(ScalarType.Float64);

        moe.LoadExpert("generalist-0", _root);

        moe.Parameters.Should().OnlyContain(p => p.Value.dtype == ScalarType.Float64);
    }

    [Fact]
    public void Every_difference_is_listed_and_nothing_is_loaded()
    {
        PeftFolder.Expert()
            .Remove("base_model.model.transformer.h.0.mlp.c_proj.lora_A.weight").Remove("base_model.model.transformer.h.0.mlp.c_proj.lora_B.weight")
            .Set("base_model.model.transformer.h.0.attn.c_attn.lora_A.weight", [8, 16]).Set("base_model.model.transformer.h.0.attn.c_attn.lora_B.weight", [48, 8])
            .Set("base_model.model.transformer.h.1.mlp.c_fc.lora_B.weight", [63, 8])
            .With("target_modules", "null").Write(_root);
        using var moe = Tiny.Moe();
        var before = PeftLayoutTests.Values(moe);

        moe.Invoking(m => m.LoadExpert("specialist-0", _root)).Should().Throw<InvalidDataException>()
            .WithMessage("*has nothing for the layer 'transformer.h.0.mlp.c_proj'*")
            .WithMessage("*adapts 'transformer.h.0.attn.c_attn', which this expert does not*")
            .WithMessage("*'transformer.h.1.mlp.c_fc': lora_A is [8, 16] and lora_B [63, 8], but the expert needs [8, 16] and [64, 8]*");
        PeftLayoutTests.Values(moe).Should().Equal(before);
    }

    [Fact]
    public void Another_rank_is_refused_with_the_option_that_sets_it()
    {
        PeftFolder.Expert(rank: 4).Write(_root);
        using var moe = Tiny.Moe();

        moe.Invoking(m => m.LoadExpert("specialist-0", _root)).Should().Throw<InvalidDataException>().WithMessage("*lora_A is [4, 16]*needs [8, 16]*ExpertOptions.Rank*");
    }

    [Fact]
    public void One_layer_under_both_of_its_names_is_refused()
    {
        PeftFolder.Expert().Set("base_model.model.h.0.mlp.c_fc.lora_A.weight", [8, 16]).Set("base_model.model.h.0.mlp.c_fc.lora_B.weight", [64, 8]).With("target_modules", "null").Write(_root);
        using var moe = Tiny.Moe();

        moe.Invoking(m => m.LoadExpert("specialist-0", _root)).Should().Throw<InvalidDataException>().WithMessage("*'h.0.mlp.c_fc', which this expert does not, or the file names twice*");
    }

    [Fact]
    public void An_expert_that_is_not_there_is_refused_with_those_that_are()
    {
        using var moe = Tiny.Moe();

        moe.Invoking(m => m.LoadExpert("specialist-3", _root)).Should().Throw<ArgumentException>().WithMessage("*no expert 'specialist-3'. It has generalist-0, specialist-0, attention*");
    }

    [Fact]
    public void Neither_a_load_nor_a_refusal_leaves_tensors_behind()
    {
        PeftFolder.Expert().Write(Path.Combine(_root, "good"));
        PeftFolder.Expert(rank: 4).Write(Path.Combine(_root, "bad"));
        using var moe = Tiny.Moe();
        moe.LoadExpert("specialist-0", Path.Combine(_root, "good"));
        var before = LiveTensors.Count();

        moe.LoadExpert("specialist-0", Path.Combine(_root, "good"));
        moe.Invoking(m => m.LoadExpert("specialist-0", Path.Combine(_root, "bad"))).Should().Throw<InvalidDataException>();

        Tensor.TotalCount.Should().Be(before);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static Dictionary<string, float[]> Parameters(MoeModel moe) => moe.Parameters.ToDictionary(p => p.Name, p => p.Value.detach().data<float>().ToArray());
}
