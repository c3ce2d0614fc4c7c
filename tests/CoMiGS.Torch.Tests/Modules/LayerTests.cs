namespace CoMiGS.Torch.Tests.Modules;

public sealed class LayerTests
{
    [Fact]
    public void Linear_starts_within_one_over_the_square_root_of_its_width()
    {
        manual_seed(1);
        using var layer = nn.Linear(16, 400);
        var values = Numbers.Of(layer.weight);
        values.Should().OnlyContain(v => Math.Abs(v) <= 0.25);
        values.Max().Should().BeGreaterThan(0.24);
        Numbers.Of(layer.bias!).Should().OnlyContain(v => Math.Abs(v) <= 0.25);
        (layer.in_features, layer.out_features).Should().Be((16, 400));
    }

    [Fact]
    public void Linear_over_given_parameters_shares_them()
    {
        using var weight = new Parameter(eye(2), requires_grad: false);
        var layer = nn.Linear(weight);
        layer.weight.Should().BeSameAs(weight);
        using var result = layer.call(ones(1, 2));
        Numbers.ShouldBe(result, [1, 1]);
        layer.parameters().Should().ContainSingle().Which.requires_grad.Should().BeFalse();
    }

    [Fact]
    public void Embedding_looks_rows_up_and_adds_gradients_of_repeated_rows()
    {
        using var scope = NewDisposeScope();
        var table = nn.Embedding_from_pretrained(tensor(new float[,] { { 1, 2 }, { 3, 4 } }), freeze: false);
        var result = table.call(tensor(new long[] { 1, 0, 1 }));
        Numbers.ShouldBe(result, [3, 4, 1, 2, 3, 4]);
        result.sum().backward();
        Numbers.ShouldBe(table.weight!.grad!, [1, 1, 2, 2]);
        using var fresh = nn.Embedding(5, 3, padding_idx: 2);
        Numbers.ShouldBe(fresh.weight![2], [0, 0, 0]);
        fresh.named_parameters().Single().name.Should().Be("weight");
    }

    [Fact]
    public void Layer_norm_starts_as_plain_normalisation()
    {
        using var scope = NewDisposeScope();
        var layer = nn.LayerNorm(3);
        layer.state_dict().Keys.Should().Equal("weight", "bias");
        Numbers.ShouldBe(layer.call(tensor(new float[,] { { 1, 2, 3 } })), [-1.2247356859083902, 0, 1.2247356859083902], 1e-6);
        nn.LayerNorm(3, bias: false).state_dict().Keys.Should().Equal("weight");
        nn.LayerNorm(3, elementwise_affine: false).parameters().Should().BeEmpty();
    }

    [Fact]
    public void Sequences_run_in_order_under_their_names()
    {
        using var scope = NewDisposeScope();
        var net = nn.Sequential(("in", nn.Linear(2, 3)), ("act", nn.ReLU()), ("out", nn.Linear(3, 1)));
        net.state_dict().Keys.Should().Equal("in.weight", "in.bias", "out.weight", "out.bias");
        nn.Sequential(nn.Linear(2, 2), nn.Tanh()).named_parameters().First().name.Should().Be("0.weight");
        net.call(ones(4, 2)).shape.Should().Equal(4, 1);
    }

    [Fact]
    public void Activations_and_identity_keep_the_shape()
    {
        using var scope = NewDisposeScope();
        var x = Numbers.Matrix(2, 3);
        nn.Module<Tensor, Tensor>[] layers = [nn.GELU(), nn.SiLU(), nn.ReLU(), nn.Tanh(), nn.Sigmoid(), nn.Identity(), nn.Dropout(0)];
        foreach (var layer in layers)
        {
            layer.call(x).shape.Should().Equal(2, 3);
            layer.parameters().Should().BeEmpty();
        }

        Numbers.ShouldBe(nn.Identity().call(x), Numbers.Of(x));
    }

    [Fact]
    public void Dropout_follows_the_mode_of_its_module()
    {
        using var scope = NewDisposeScope();
        var layer = nn.Dropout(0.5);
        Numbers.Of(layer.call(ones(1000))).Should().Contain(0);
        layer.eval();
        Numbers.Of(layer.call(ones(1000))).Should().OnlyContain(v => v == 1);
    }

    [Fact]
    public void Initial_values_follow_their_formulas()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var weight = empty(300, 12);
        nn.init.CalculateFanInAndFanOut(weight).Should().Be((12, 300));
        Numbers.Of(nn.init.kaiming_uniform_(weight, Math.Sqrt(5))).Max().Should().BeLessThanOrEqualTo(Math.Sqrt(1.0 / 12)).And.BeGreaterThan(0.28);
        Numbers.Of(nn.init.xavier_uniform_(weight)).Max().Should().BeLessThanOrEqualTo(Math.Sqrt(6.0 / 312)).And.BeGreaterThan(0.137);
        Numbers.Of(nn.init.normal_(weight, 1, 0.02)).Average().Should().BeApproximately(1, 0.002);
        Numbers.Of(nn.init.zeros_(weight)).Should().OnlyContain(v => v == 0);
        Numbers.Of(nn.init.ones_(weight)).Should().OnlyContain(v => v == 1);
        Numbers.Of(nn.init.constant_(weight, 3)).Should().OnlyContain(v => v == 3);
        var trained = new Parameter(zeros(2));
        nn.init.uniform_(trained, 1, 2).Should().BeSameAs(trained);
        trained.is_leaf.Should().BeTrue();
    }
}
