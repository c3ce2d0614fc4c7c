namespace CoMiGS.Torch.Tests.Modules;

public sealed class ModuleTests
{
    [Fact]
    public void Fields_are_registered_in_their_order_and_shared_parameters_listed_once()
    {
        using var model = new Small();
        model.named_parameters().Select(p => p.name).Should().Equal("scale", "first.weight", "first.bias", "second.weight");
        model.named_children().Select(c => c.name).Should().Equal("first", "second");
        model.named_modules().Select(m => m.name).Should().Equal("first", "second");
        model.state_dict().Keys.Should().Equal("scale", "first.weight", "first.bias", "second.weight", "offset");
        model.get_parameter("first.weight").Should().BeSameAs(model.First.weight);
        model.get_parameter("first.nothing").Should().BeNull();
        model.has_parameter("second.weight").Should().BeTrue();
        model.get_buffer("offset").Should().NotBeNull();
    }

    [Fact]
    public void A_name_is_registered_once_and_freed_by_null()
    {
        using var model = new Small();
        using var other = nn.Linear(2, 2);
        FluentActions.Invoking(() => model.register_module("first", other)).Should().Throw<InvalidOperationException>();
        FluentActions.Invoking(() => model.register_module("a.b", other)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => model.register_module("", other)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => model.register_parameter("scale", model.Scale)).Should().Throw<InvalidOperationException>();
        FluentActions.Invoking(() => model.register_buffer("offset", model.Scale)).Should().Throw<InvalidOperationException>();
        model.register_module("first", null!);
        model.register_module("first", other);
        model.named_children().Select(c => c.name).Should().Equal("second", "first");
    }

    [Fact]
    public void A_parameter_takes_the_handle_of_its_tensor()
    {
        var data = ones(2);
        using var parameter = new Parameter(data);
        data.IsInvalid.Should().BeTrue();
        (parameter.requires_grad, parameter.is_leaf).Should().Be((true, true));
    }

    [Fact]
    public void A_parameter_made_in_a_scope_dies_with_it_unless_a_module_of_the_library_owns_it()
    {
        Parameter lost;
        nn.Module<Tensor, Tensor> linear;
        using (NewDisposeScope())
        {
            lost = new Parameter(ones(2));
            linear = nn.Linear(2, 2);
        }

        lost.IsInvalid.Should().BeTrue();
        using (linear)
        {
            linear.parameters().Should().OnlyContain(p => !p.IsInvalid);
        }
    }

    [Fact]
    public void Lists_register_once_and_their_indexer_not_again()
    {
        using var holder = new Holder();
        holder.named_parameters().Should().HaveCount(4);
        var replaced = holder.Layers[0];
        holder.Layers[0] = nn.Linear(5, 5, hasBias: false);
        holder.named_parameters().First().parameter.shape.Should().Equal(2, 2);
        holder.named_parameters().First().name.Should().Be("Layers.0.weight");
        holder.Layers[0].Dispose();
        replaced.parameters().Should().NotBeEmpty();
    }

    [Fact]
    public void Training_mode_reaches_all_modules()
    {
        using var model = new Small();
        model.training.Should().BeTrue();
        model.eval();
        model.modules().Should().OnlyContain(m => !m.training);
        model.train();
        model.First.training.Should().BeTrue();
        var visited = 0;
        model.apply(_ => visited++);
        visited.Should().Be(3);
    }

    [Fact]
    public void Conversion_replaces_parameters_and_keeps_gradients()
    {
        using var model = new Small();
        using var scope = NewDisposeScope();
        model.call(ones(1, 2)).sum().backward();
        var before = model.First.weight;
        var gradient = Numbers.Of(before.grad!);
        model.to(ScalarType.Float64);
        before.IsInvalid.Should().BeTrue();
        model.First.weight.dtype.Should().Be(ScalarType.Float64);
        model.Scale.dtype.Should().Be(ScalarType.Float64);
        model.get_buffer("offset")!.dtype.Should().Be(ScalarType.Float64);
        model.named_parameters().First().parameter.Should().BeSameAs(model.Scale);
        Numbers.Of(model.First.weight.grad!).Should().Equal(gradient);
        FluentActions.Invoking(() => model.to(ScalarType.Int64)).Should().Throw<ArgumentException>();
        model.bfloat16().call(ones(1, 2, ScalarType.BFloat16)).dtype.Should().Be(ScalarType.BFloat16);
    }

    [Fact]
    public void State_is_copied_by_name()
    {
        using var from = new Small();
        using var to = new Small();
        to.load_state_dict(from.state_dict());
        Numbers.Of(to.First.weight).Should().Equal(Numbers.Of(from.First.weight));
        to.First.weight.Handle.Should().NotBe(from.First.weight.Handle);
        var partial = from.state_dict();
        partial.Remove("scale");
        FluentActions.Invoking(() => to.load_state_dict(partial)).Should().Throw<InvalidOperationException>();
        var (missing, unexpected) = to.load_state_dict(partial, strict: false);
        missing.Should().Equal("scale");
        unexpected.Should().BeEmpty();
    }

    [Fact]
    public void Gradients_are_cleared_to_none_or_to_zeros()
    {
        using var model = new Small();
        using var scope = NewDisposeScope();
        model.call(ones(1, 2)).sum().backward();
        model.zero_grad(set_to_none: false);
        Numbers.Of(model.First.weight.grad!).Should().OnlyContain(v => v == 0);
        model.zero_grad();
        model.First.weight.grad.Should().BeNull();
    }

    [Fact]
    public void Disposing_a_module_disposes_what_is_below()
    {
        var model = new Small();
        var parameters = model.parameters().ToList();
        model.Dispose();
        model.Dispose();
        parameters.Should().OnlyContain(p => p.IsInvalid);
    }

    private sealed class Small : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter scale = new(ones(2));
        private readonly Tensor offset = zeros(2);
        private readonly TorchSharp.Modules.Linear first = nn.Linear(2, 2);
        private readonly nn.Module<Tensor, Tensor> second = nn.Linear(2, 2, hasBias: false);

        public Small()
            : base(nameof(Small)) => RegisterComponents();

        public TorchSharp.Modules.Linear First => first;

        public Parameter Scale => scale;

        public override Tensor forward(Tensor input) => second.call(first.call((input * scale) + offset));
    }

    private sealed class Holder : nn.Module<Tensor, Tensor>
    {
        public readonly TorchSharp.Modules.ModuleList<nn.Module<Tensor, Tensor>> Layers = nn.ModuleList<nn.Module<Tensor, Tensor>>(nn.Linear(2, 2), nn.Linear(2, 2));

        public Holder()
            : base(nameof(Holder)) => RegisterComponents();

        public override Tensor forward(Tensor input) => Layers.Aggregate(input, (x, layer) => layer.call(x));
    }
}
