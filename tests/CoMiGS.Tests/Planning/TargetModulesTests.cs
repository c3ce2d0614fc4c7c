using CoMiGS.Layers;
using CoMiGS.Planning;
using CoMiGS.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Planning;

public sealed class TargetModulesTests
{
    [Fact]
    public void All_linear_means_every_Linear_but_the_output_head()
    {
        Targets("all-linear").Should().Equal(
            "layers.0.q_proj", "layers.0.v_proj", "layers.0.mlp.fc1", "layers.0.mlp.fc2",
            "layers.1.q_proj", "layers.1.v_proj", "layers.1.mlp.fc1", "layers.1.mlp.fc2");
    }

    [Fact]
    public void A_head_that_shares_the_weight_of_the_embedding_is_a_head_wherever_it_stands()
    {
        using var moe = new TiedFirst().AddExperts(new ExpertOptions { TargetModules = "all-linear" });

        moe.RecordRouting().Layers.Select(l => l.Name).Should().Equal("body");
    }

    [Fact]
    public void The_head_gets_experts_when_it_is_named() => Targets(["head"]).Should().Equal("head");

    [Fact]
    public void Names_and_expressions_choose_as_in_PEFT()
    {
        Targets(["q_proj", "mlp.fc2"]).Should().Equal("layers.0.q_proj", "layers.0.mlp.fc2", "layers.1.q_proj", "layers.1.mlp.fc2");
        Targets(@"layers\.1\..*_proj").Should().Equal("layers.1.q_proj", "layers.1.v_proj");
    }

    [Fact]
    public void Exclusions_go_first() =>
        Targets("all-linear", ["fc1", "layers.0.q_proj"]).Should().Equal("layers.0.v_proj", "layers.0.mlp.fc2", "layers.1.q_proj", "layers.1.v_proj", "layers.1.mlp.fc2");

    [Fact]
    public void A_name_that_nothing_has_is_answered_with_what_is_near_and_what_there_is()
    {
        Targeting(["q_porj"]).Should().Throw<InvalidOperationException>()
            .WithMessage("TargetModules is [q_porj], but of the linear layers of Foreign none matches. Did you mean layers.*.q_proj*Its linear layers are layers.*.q_proj, layers.*.v_proj, layers.*.mlp.fc1, layers.*.mlp.fc2, head.");
        Targeting(["Q_PROJ"]).Should().Throw<InvalidOperationException>().WithMessage("*Did you mean layers.*.q_proj*");
        Targeting("q_proj").Should().Throw<InvalidOperationException>().WithMessage("*Did you mean the list [\"q_proj\"]? A string is a regular expression of the whole path. *");
        Targeting("all_linear").Should().Throw<InvalidOperationException>().WithMessage("*Did you mean all-linear? *");
        Targeting("layers.[01].mlp.fc3").Should().Throw<InvalidOperationException>().WithMessage("*Did you mean*");
        Targeting(["something_else_entirely"]).Should().Throw<InvalidOperationException>().Where(e => !e.Message.Contains("Did you mean", StringComparison.Ordinal));
    }

    [Fact]
    public void What_matches_but_is_no_Linear_is_named() =>
        Targeting(["mlp"]).Should().Throw<InvalidOperationException>().WithMessage("*'layers.0.mlp' matches, but is no Linear*");

    [Fact]
    public void Excluding_everything_is_refused() =>
        Targeting(["q_proj"], ["q_proj"]).Should().Throw<InvalidOperationException>().WithMessage("*ExcludeModules [q_proj] leaves out all 2 of them*");

    [Fact]
    public void A_refused_model_is_as_it_was()
    {
        using var model = new Foreign();

        model.Invoking(m => m.AddExperts(new ExpertOptions { TargetModules = ["nothing"] })).Should().Throw<InvalidOperationException>();

        model.parameters().Should().OnlyContain(p => p.requires_grad);
        model.modules().Should().NotContain(m => m is ExpertMixture);
    }

    [Fact]
    public void Targets_take_the_place_of_feed_forwards_and_attention_keeps_its_adapters()
    {
        using var moe = Tiny.Moe(new ExpertOptions { TargetModules = ["c_fc", "attn.c_attn"] });

        moe.Blocks.Should().HaveCount(4).And.AllBeOfType<LinearExperts>();
        moe.AdapterGroups().Single(g => g.Name == "attention").Adapters.Select(a => a.Path).Should().Equal("h.0.attn.c_proj", "h.1.attn.c_proj");
    }

    [Fact]
    public void Attention_layers_of_a_model_that_does_not_name_them_are_named_in_the_options()
    {
        using var moe = new Foreign().AddExperts(new ExpertOptions { TargetModules = ["fc1"], AttentionModules = ["q_proj", "v_proj"], AttentionRank = 3, ExcludeModules = ["layers.0.v_proj"] });

        var attention = moe.AdapterGroups().Single(g => g.Name == "attention").Adapters;
        attention.Select(a => a.Path).Should().Equal("layers.0.q_proj", "layers.1.q_proj", "layers.1.v_proj");
        attention.Should().OnlyContain(a => a.Adapter.Config.Rank == 3);
        moe.Parameters.Select(p => p.Name).Should().Contain("layers.0.q_proj.lora_A").And.Contain("layers.0.mlp.fc1.experts.1.fc1.lora_B").And.Contain("layers.0.mlp.fc1.router.weight");
        moe.Parameters.Select(p => p.Name).Should().BeEquivalentTo(moe.Parameters.Select(p => p.Name).Distinct());
    }

    private static IEnumerable<string> Targets(ModulePattern targets, ModulePattern? excluded = null)
    {
        using var moe = new Foreign().AddExperts(new ExpertOptions { TargetModules = targets, ExcludeModules = excluded });
        using var routing = moe.RecordRouting();
        return [.. routing.Layers.Select(l => l.Name)];
    }

    private static Action Targeting(ModulePattern targets, ModulePattern? excluded = null) => () =>
    {
        using var model = new Foreign();
        model.AddExperts(new ExpertOptions { TargetModules = targets, ExcludeModules = excluded });
    };

    private sealed class TiedFirst : nn.Module<Tensor, Tensor>
    {
        private readonly Embedding tokens = nn.Embedding(8, 4);
        private readonly Linear head = nn.Linear(4, 8, hasBias: false);
        private readonly Linear body = nn.Linear(4, 4);
        private readonly LayerNorm last = nn.LayerNorm(4);

        public TiedFirst()
            : base(nameof(TiedFirst))
        {
            RegisterComponents();
            head.weight = tokens.weight!;
        }

        public override Tensor forward(Tensor input) => head.call(last.call(body.call(tokens.call(input))));
    }
}
