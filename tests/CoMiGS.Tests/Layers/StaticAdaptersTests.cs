using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Layers;

public sealed class StaticAdaptersTests
{
    private static readonly (string, LoraConfig)[] Layers = [("layers.0.q_proj", new(2, 4)), ("layers.1.mlp.fc2", new(3, 6, LoraScaling.Classic))];

    [Fact]
    public void Fresh_adapters_change_nothing_and_trained_ones_add_s_B_A_x()
    {
        using var scope = NewDisposeScope();
        using var moe = new OneLinear().AddStaticAdapters([("layer", new LoraConfig(2, 3))]);
        var layer = ((OneLinear)moe.Model).layer;
        var x = randn(5, 4);
        moe.Model.call(x).equal(nn.functional.linear(x, layer.weight, layer.bias)).all().item<bool>().Should().BeTrue();

        var adapter = moe.AdapterGroups().Single().Adapters.Single().Adapter;
        using (no_grad())
        {
            adapter.B.normal_();
        }

        var merged = layer.weight + (adapter.B.matmul(adapter.A) * (3 / Math.Sqrt(2)));
        var wanted = nn.functional.linear(x, merged, layer.bias);
        (moe.Model.call(x) - wanted).abs().max().item<float>().Should().BeLessThan(1e-6f * MathF.Max(1, wanted.abs().max().item<float>()));
    }

    [Fact]
    public void Every_layer_has_its_own_rank_and_scale()
    {
        using var moe = new Foreign().AddStaticAdapters(Layers);

        var group = moe.AdapterGroups().Should().ContainSingle().Subject;
        group.Name.Should().Be("generalist-0");
        group.Adapters.Select(a => (a.Path, a.Adapter.Config)).Should().Equal(Layers);
        moe.Parameters.Select(p => p.Name).Should().Equal("layers.0.q_proj.lora_A", "layers.0.q_proj.lora_B", "layers.1.mlp.fc2.lora_A", "layers.1.mlp.fc2.lora_B");
        moe.Parameters.Should().OnlyContain(p => p.Role == ParameterRole.Generalist);
    }

    [Fact]
    public void Only_the_adapters_are_trained()
    {
        using var scope = NewDisposeScope();
        using var moe = new Foreign().AddStaticAdapters(Layers, ExpertRole.Specialist);

        moe.Model.call(zeros([1, 4], ScalarType.Int64)).sum().backward();

        moe.Parameters.Where(p => p.Name.EndsWith("lora_B", StringComparison.Ordinal)).Should().OnlyContain(p => !ReferenceEquals(p.Value.grad, null));
        moe.Model.parameters().Where(p => p.requires_grad).Should().HaveCount(4);
        moe.AdapterGroups().Single().Name.Should().Be("specialist-0");
    }

    [Fact]
    public void Removing_them_leaves_the_model_as_it_was_to_the_last_bit()
    {
        using var model = new Foreign();
        var tensors = LiveTensors.Count();
        using var scope = NewDisposeScope();
        var ids = arange(12).reshape(2, 6);
        var before = model.call(ids);
        var moe = model.AddStaticAdapters(Layers);
        using (no_grad())
        {
            moe.Parameters.ToList().ForEach(p => p.Value.fill_(1));
        }

        using (var changed = model.call(ids))
        {
            changed.equal(before).all().item<bool>().Should().BeFalse();
        }

        moe.RemoveExperts().Should().BeSameAs(model);

        model.call(ids).equal(before).all().item<bool>().Should().BeTrue();
        model.parameters().Should().OnlyContain(p => p.requires_grad);
        model.named_children().Select(c => c.name).Should().Equal("tokens", "layers", "norm", "head");
        scope.Dispose();
        Tensor.TotalCount.Should().Be(tensors + LiveTensors.TooMany(parameters: 4));
    }

    [Fact]
    public void All_wrong_layers_are_listed_at_once()
    {
        using var model = new Foreign();

        model.Invoking(m => m.AddStaticAdapters([("layers.0.k_proj", new(2)), ("layers.0.mlp", new(2)), ("head", new(0)), ("head", new(2))])).Should().Throw<ArgumentException>()
            .WithMessage("*'layers.0.k_proj' is not in the model*").WithMessage("*'layers.0.mlp' is a ForeignMlp, not a Linear*")
            .WithMessage("*'head' is named 2 times*").WithMessage("*Rank is 0*");
        model.parameters().Should().OnlyContain(p => p.requires_grad);
    }

    [Fact]
    public void A_model_that_takes_no_more_children_is_left_as_it_was()
    {
        using var model = new Closed();

        model.Invoking(m => m.AddStaticAdapters([("layer", new(2))])).Should().Throw<NotSupportedException>();

        model.parameters().Should().OnlyContain(p => p.requires_grad);
    }

    private sealed class Closed : nn.Module<Tensor, Tensor>
    {
        private readonly Linear layer = nn.Linear(4, 3);

        public Closed()
            : base(nameof(Closed)) => RegisterComponents();

        public override void register_module(string name, nn.Module submodule)
        {
            if (name != nameof(layer))
            {
                throw new NotSupportedException($"No {name} here.");
            }

            base.register_module(name, submodule);
        }

        public override Tensor forward(Tensor input) => layer.call(input);
    }

    private sealed class OneLinear : nn.Module<Tensor, Tensor>
    {
        public readonly Linear layer = nn.Linear(4, 3);

        public OneLinear()
            : base(nameof(OneLinear)) => RegisterComponents();

        public override Tensor forward(Tensor input) => layer.call(input);
    }
}
