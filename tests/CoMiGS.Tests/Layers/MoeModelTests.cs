using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Layers;

public sealed class MoeModelTests
{
    [Fact]
    public void Adding_experts_changes_no_output()
    {
        using var scope = NewDisposeScope();
        using var bare = Tiny.Gpt();
        using var moe = Tiny.Moe(new ExpertOptions { Specialists = 3 });
        var ids = arange(24).reshape(2, 12);

        var error = (moe.Model.call(ids) - bare.call(ids)).abs().max().item<float>();

        error.Should().BeLessThan(1e-5f);
    }

    [Fact]
    public void Parameters_are_named_by_their_place_in_the_model()
    {
        using var moe = Tiny.Moe();

        moe.Parameters.Select(p => p.Name).Where(n => n.StartsWith("h.1.", StringComparison.Ordinal)).Should().Equal(
            "h.1.attn.c_attn.lora_A", "h.1.attn.c_attn.lora_B", "h.1.attn.c_proj.lora_A", "h.1.attn.c_proj.lora_B",
            "h.1.mlp.experts.0.c_fc.lora_A", "h.1.mlp.experts.0.c_fc.lora_B", "h.1.mlp.experts.0.c_proj.lora_A", "h.1.mlp.experts.0.c_proj.lora_B",
            "h.1.mlp.experts.1.c_fc.lora_A", "h.1.mlp.experts.1.c_fc.lora_B", "h.1.mlp.experts.1.c_proj.lora_A", "h.1.mlp.experts.1.c_proj.lora_B",
            "h.1.mlp.router.weight");
    }

    [Fact]
    public void Registered_parameters_and_the_ones_forward_uses_are_the_same()
    {
        using var scope = NewDisposeScope();
        using var moe = Tiny.Moe();
        moe.Model.call(zeros([1, 4], ScalarType.Int64)).sum().backward();

        var trainable = moe.Model.named_parameters().Where(p => p.parameter.requires_grad).ToList();

        trainable.Should().HaveCount(moe.Parameters.Count);
        trainable.Should().OnlyContain(p => !ReferenceEquals(p.parameter.grad, null));
    }

    [Fact]
    public void Every_part_of_a_block_is_registered_once()
    {
        using var moe = Tiny.Moe();

        moe.Blocks[0].named_children().Select(c => c.name).Should().Equal("base_layer", "experts", "router");
        moe.Model.state_dict().Keys.Should().HaveCount(moe.Model.parameters().Count() + moe.Model.buffers().Count());
    }

    [Fact]
    public void Only_generalists_and_attention_adapters_are_shared_by_default()
    {
        using var moe = Tiny.Moe(new ExpertOptions { Generalists = 2, Specialists = 2 });

        moe.SharedParameters().Select(p => p.Role).Distinct().Should().BeEquivalentTo([ParameterRole.Attention, ParameterRole.Generalist]);
        moe.SharedParameters(SharedRoles.None).Should().BeEmpty();
    }

    [Fact]
    public void Experts_and_routers_share_no_parameter_and_together_are_all()
    {
        using var moe = Tiny.Moe();

        moe.ExpertParameters().Concat(moe.RouterParameters()).Distinct().Should().HaveCount(moe.Parameters.Count);
    }

    [Fact]
    public void Shared_parameters_start_alike_from_one_seed_and_private_ones_do_not()
    {
        using var anna = Tiny.Moe(new ExpertOptions { Seed = 1, Specialists = 1 });
        using var ben = Tiny.Moe(new ExpertOptions { Seed = 2, Specialists = 3 });

        anna.InitialiseShared(99);
        ben.InitialiseShared(99);

        Values(anna.SharedParameters()).Should().Equal(Values(ben.SharedParameters()));
        Values(anna.Parameters.Where(p => p.Role == ParameterRole.Specialist)).Should().NotBeSubsetOf(Values(ben.Parameters));
    }

    [Fact]
    public void Two_models_of_equal_weights_have_equal_fingerprints_and_one_changed_weight_shows()
    {
        using var scope = NewDisposeScope();
        using var one = Tiny.Moe();
        using var same = Tiny.Moe(new ExpertOptions { Seed = 3, Specialists = 4 });
        var changed = Tiny.Gpt();
        using (no_grad())
        {
            changed.parameters().First()[0, 0] = tensor(0.5f);
        }

        using var other = changed.AddExperts();

        one.BaseFingerprint.Should().HaveLength(64).And.Be(same.BaseFingerprint).And.NotBe(other.BaseFingerprint);
    }

    [Fact]
    public void The_balance_loss_reaches_the_routers()
    {
        using var scope = NewDisposeScope();
        using var moe = Tiny.Moe(new ExpertOptions { GeneralistShare = 0.9 });
        moe.Model.call(zeros([1, 8], ScalarType.Int64));

        moe.BalanceLoss().backward();

        moe.RouterParameters().Should().OnlyContain(p => p.grad!.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void The_balance_loss_before_a_forward_pass_says_what_to_do()
    {
        using var moe = Tiny.Moe();

        var act = () => moe.BalanceLoss();

        act.Should().Throw<InvalidOperationException>().WithMessage("*has not run with gradients*");
    }

    [Fact]
    public void The_balance_loss_is_zero_where_it_is_off()
    {
        using var scope = NewDisposeScope();
        using var moe = Tiny.Moe(new ExpertOptions { LoadBalance = 0 });

        moe.BalanceLoss().item<float>().Should().Be(0);
    }

    [Fact]
    public void Recording_counts_every_token_of_every_layer()
    {
        using var scope = NewDisposeScope();
        using var moe = Tiny.Moe(new ExpertOptions { Specialists = 3, TopK = 2 });
        using var statistics = moe.RecordRouting(keepTokens: true);

        using (no_grad())
        {
            moe.Model.call(zeros([2, 5], ScalarType.Int64));
            moe.Model.call(ones([1, 3], ScalarType.Int64));
        }

        statistics.Layers.Should().HaveCount(2).And.OnlyContain(l => l.Tokens == 13 && l.Gates.Count == 13);
        statistics.Layers[0].Name.Should().Be("h.0.mlp");
        Enumerable.Range(0, 4).Sum(statistics.Layers[0].SelectionRate).Should().BeApproximately(2, 1e-9);
        Enumerable.Range(0, 4).Sum(statistics.Layers[0].Share).Should().BeApproximately(1, 1e-9);
    }

    [Fact]
    public void Recording_twice_at_once_is_refused_and_possible_again_afterwards()
    {
        using var moe = Tiny.Moe();
        using (moe.RecordRouting())
        {
            moe.Invoking(m => m.RecordRouting()).Should().Throw<InvalidOperationException>();
        }

        using var again = moe.RecordRouting();
        again.Layers.Should().NotBeEmpty();
    }

    [Fact]
    public void Moving_to_another_type_keeps_the_parameters_in_step()
    {
        using var scope = NewDisposeScope();
        using var moe = Tiny.Moe();

        moe.Model.to(ScalarType.Float64);

        moe.Parameters.Should().OnlyContain(p => p.Value.dtype == ScalarType.Float64 && p.Value.requires_grad);
        moe.Model.call(zeros([1, 4], ScalarType.Int64)).dtype.Should().Be(ScalarType.Float64);
    }

    private static IEnumerable<float> Values(IEnumerable<NamedParameter> parameters) =>
        parameters.SelectMany(p => p.Value.detach().data<float>().ToArray());
}
