using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Layers;

public sealed class GivenGatesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_generalist_alone_computes_what_a_model_computes_that_has_no_other_expert(bool kernel)
    {
        using var scope = NewDisposeScope();
        using var moe = Stirred(new() { UseKernel = kernel });
        using var single = Tiny.Moe(new() { Specialists = 0, UseKernel = kernel });
        Copy(moe, single);
        var tokens = Tokens();

        using var only = moe.Only(ExpertRole.Generalist);

        moe.Model.call(tokens).allclose(single.Model.call(tokens), atol: 1e-6).Should().BeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Equal_gates_are_the_mean_of_all_experts(bool kernel)
    {
        using var scope = NewDisposeScope();
        using var moe = Stirred(new() { UseKernel = kernel, RouteAttention = true });
        using var mean = Tiny.Moe(new() { Router = RouterKind.Mean, UseKernel = kernel, RouteAttention = true });
        Copy(moe, mean);
        var tokens = Tokens();

        using var gates = moe.WithGates([0.5, 0.5]);

        moe.Model.call(tokens).allclose(mean.Model.call(tokens), atol: 1e-6).Should().BeTrue();
    }

    [Fact]
    public void The_router_decides_again_when_the_gates_are_disposed()
    {
        using var scope = NewDisposeScope();
        using var moe = Stirred();
        var tokens = Tokens();
        var routed = Values(moe, tokens);

        using (moe.Only(ExpertRole.Specialist))
        {
            Values(moe, tokens).Should().NotEqual(routed);
        }

        Values(moe, tokens).Should().Equal(routed);
    }

    [Fact]
    public void Gates_that_mean_nothing_are_refused()
    {
        using var moe = Tiny.Moe();
        using var shared = Tiny.Moe(new() { Specialists = 0 });

        moe.Invoking(m => m.WithGates([1])).Should().Throw<ArgumentException>().WithMessage("*1 gates, but 2 experts*");
        moe.Invoking(m => m.WithGates([1.5, -0.5])).Should().Throw<ArgumentException>().WithMessage("*weights from 0 to 1 that sum to 1*");
        moe.Invoking(m => m.WithGates([double.NaN, 1])).Should().Throw<ArgumentException>();
        shared.Invoking(m => m.Only(ExpertRole.Specialist)).Should().Throw<ArgumentException>().WithMessage("*no specialist*");
        using var gates = moe.WithGates([0, 1]);
        moe.Invoking(m => m.Only(ExpertRole.Generalist)).Should().Throw<InvalidOperationException>().WithMessage("*given already*");
    }

    [Fact]
    public void Specialists_become_copies_of_the_generalists_in_turn()
    {
        using var moe = Stirred(new() { Generalists = 2, Specialists = 3, RouteAttention = true });

        moe.CopyGeneralistsToSpecialists();

        foreach (var block in moe.Blocks)
        {
            var experts = block.Experts.Select(e => e.AdapterParameters.SelectMany(p => p.Value.detach().data<float>().ToArray()).ToArray()).ToList();
            experts[2].Should().Equal(experts[0]).And.NotEqual(experts[1]);
            experts[3].Should().Equal(experts[1]);
            experts[4].Should().Equal(experts[0]);
        }
    }

    [Fact]
    public void Routed_attention_gives_every_projection_experts_and_a_router()
    {
        using var moe = Tiny.Moe(new() { RouteAttention = true });

        moe.Blocks.OfType<LinearExperts>().Should().HaveCount(2 * Tiny.Size.Layers).And.OnlyContain(b => b.Experts.Count == 2 && b.Generalists == 1);
        moe.Parameters.Should().NotContain(p => p.Role == ParameterRole.Attention);
        moe.SharedParameters().Should().OnlyContain(p => p.Role == ParameterRole.Generalist).And.Contain(p => p.Name.Contains("attn"));
        moe.AdapterGroups().Select(g => g.Name).Should().Equal("generalist-0", "specialist-0");
    }

    [Fact]
    public void Routed_attention_has_the_rank_of_the_experts()
    {
        var adding = () => Tiny.Moe(new() { RouteAttention = true, Rank = 8, AttentionRank = 4 });

        adding.Should().Throw<ArgumentException>().WithMessage("*RouteAttention is set, AttentionRank is 4 and Rank 8*");
        new ExpertOptions { Router = RouterKind.Embedding, RouterBias = true }.CrossFieldViolations().Should().Contain(v => v.Contains("RouterBias is set, but Router is Embedding"));
    }

    [Fact]
    public void Routed_attention_and_biased_routers_come_back_from_a_folder()
    {
        var folder = Directory.CreateTempSubdirectory("comigs").FullName;
        try
        {
            using var scope = NewDisposeScope();
            ExpertOptions options = new() { RouteAttention = true, RouterBias = true };
            using var moe = Stirred(options);
            using var loaded = Tiny.Moe(options);
            using var unlike = Tiny.Moe(new() { RouteAttention = true });
            moe.Save(folder);

            loaded.Load(folder);

            Values(loaded, Tokens()).Should().Equal(Values(moe, Tokens()));
            unlike.Invoking(m => m.Load(folder)).Should().Throw<InvalidDataException>().WithMessage("*bias*");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Tensor Tokens() => arange(2 * Tiny.Window, ScalarType.Int64).reshape(2, Tiny.Window);

    private static float[] Values(MoeModel moe, Tensor tokens) => moe.Model.call(tokens).detach().data<float>().ToArray();

    /// <summary>A model of which no parameter is at its initial value.</summary>
    private static MoeModel Stirred(ExpertOptions? options = null)
    {
        var moe = Tiny.Moe(options);
        using var noGrad = no_grad();
        foreach (var parameter in moe.Parameters)
        {
            ParameterInit.Normal(0.3).Fill(parameter.Value, new Seed(5).For(parameter.Name));
        }

        return moe;
    }

    private static void Copy(MoeModel from, MoeModel to)
    {
        using var noGrad = no_grad();
        var all = from.Parameters.ToDictionary(p => p.Name);
        foreach (var parameter in to.Parameters)
        {
            parameter.Value.copy_(all[parameter.Name].Value);
        }
    }
}
