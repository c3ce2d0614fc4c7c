using CoMiGS.Experts;
using CoMiGS.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Layers;

public sealed class LinearHooksTests
{
    [Fact]
    public void A_parent_that_calls_forward_and_so_runs_no_hook_is_found_out_in_every_pass()
    {
        using var scope = NewDisposeScope();
        using var moe = new Chain((layer, x) => layer.forward(x)).AddStaticAdapters([("first", new LoraConfig(2)), ("second", new LoraConfig(2))]);

        for (var pass = 0; pass < 2; pass++)
        {
            moe.Model.Invoking(m => m.call(ones(2, 4))).Should().Throw<InvalidOperationException>().WithMessage("Chain computes with second, but past the experts*call(x), not on forward(x)*");
        }

        using (no_grad())
        {
            moe.Model.Invoking(m => m.call(ones(2, 4))).Should().Throw<InvalidOperationException>();
        }

        moe.Model.parameters().Where(p => p.requires_grad).Should().HaveCount(4);
    }

    [Fact]
    public void A_layer_that_a_pass_leaves_out_altogether_is_the_models_own_affair()
    {
        using var scope = NewDisposeScope();
        using var moe = new Chain((_, x) => x).AddStaticAdapters([("first", new LoraConfig(2)), ("second", new LoraConfig(2))]);

        moe.Model.call(ones(2, 4)).shape.Should().Equal(2, 4);
        moe.Model.parameters().Where(p => p.requires_grad).Should().HaveCount(4);
    }

    [Fact]
    public void Adapters_move_with_the_model_and_join_it_in_its_mode()
    {
        using var scope = NewDisposeScope();
        var model = new Chain((layer, x) => layer.call(x));
        model.eval();
        using var moe = model.AddStaticAdapters([("first", new LoraConfig(2, Dropout: 0.5))]);
        moe.AdapterGroups().Single().Adapters.Single().Adapter.training.Should().BeFalse();

        moe.Model.to(ScalarType.Float64);

        moe.Parameters.Should().OnlyContain(p => p.Value.dtype == ScalarType.Float64);
        moe.Model.call(ones([2, 4], ScalarType.Float64)).dtype.Should().Be(ScalarType.Float64);
    }

    [Fact]
    public void The_type_of_a_bfloat16_base_is_kept_and_the_adapters_stay_float32()
    {
        using var scope = NewDisposeScope();
        using var moe = new Chain((layer, x) => layer.call(x)).to(ScalarType.BFloat16).AddStaticAdapters([("first", new LoraConfig(2))]);

        moe.Model.call(ones([2, 4], ScalarType.BFloat16)).dtype.Should().Be(ScalarType.BFloat16);
        moe.Parameters.Should().OnlyContain(p => p.Value.dtype == ScalarType.Float32);
    }

    [Fact]
    public void Disposing_the_model_disposes_the_adapters()
    {
        var before = LiveTensors.Count() + LiveTensors.TooMany(parameters: 6);
        using (new Chain((layer, x) => layer.call(x)).AddStaticAdapters([("first", new LoraConfig(2))]))
        {
            Tensor.TotalCount.Should().Be(before + 6);
        }

        Tensor.TotalCount.Should().Be(before);
    }

    [Fact]
    public void A_bare_Sequential_cannot_hold_experts_and_says_so()
    {
        using var model = nn.Sequential(nn.Linear(4, 4));

        model.Invoking(m => m.AddStaticAdapters([("0", new LoraConfig(2))])).Should().Throw<InvalidOperationException>().WithMessage("*is itself a Sequential*field of a module class*");
        model.parameters().Should().OnlyContain(p => p.requires_grad);
    }

    private sealed class Chain : nn.Module<Tensor, Tensor>
    {
        private readonly Linear first = nn.Linear(4, 4);
        private readonly Linear second = nn.Linear(4, 4);
        private readonly Func<Linear, Tensor, Tensor> _runSecond;

        public Chain(Func<Linear, Tensor, Tensor> runSecond)
            : base(nameof(Chain))
        {
            _runSecond = runSecond;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _runSecond(second, first.call(input));
    }
}
