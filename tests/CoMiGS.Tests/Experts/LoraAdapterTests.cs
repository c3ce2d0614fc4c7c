using CoMiGS.Experts;
using CoMiGS.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Experts;

public sealed class LoraAdapterTests
{
    [Theory]
    [InlineData(LoraScaling.Classic, 4, 4.0)]
    [InlineData(LoraScaling.RankStabilized, 4, 8.0)]
    [InlineData(LoraScaling.RankStabilized, 16, 4.0)]
    public void The_factor_is_alpha_over_r_or_over_its_root(LoraScaling scaling, int rank, double factor)
    {
        new LoraConfig(rank, 16, scaling).Factor.Should().Be(factor);
    }

    [Fact]
    public void The_update_is_s_B_A_x()
    {
        using var scope = NewDisposeScope();
        using var adapter = new LoraAdapter(3, 2, new LoraConfig(1, 2, LoraScaling.Classic), ParameterRole.Generalist, 1);
        using (no_grad())
        {
            adapter.A.copy_(tensor(new float[] { 1, 2, 3 }, [1, 3]));
            adapter.B.copy_(tensor(new float[] { 10, 20 }, [2, 1]));
        }

        adapter.call(tensor(new float[] { 1, 1, 1 }, [1, 3])).data<float>().ToArray().Should().Equal(120, 240);
    }

    [Fact]
    public void A_new_adapter_changes_nothing_and_A_is_Kaiming_uniform()
    {
        using var scope = NewDisposeScope();
        using var adapter = new LoraAdapter(400, 5, new LoraConfig(8), ParameterRole.Generalist, 1);
        var values = adapter.A.detach().data<float>().ToArray();

        adapter.call(randn(2, 400)).abs().max().item<float>().Should().Be(0);
        values.Max().Should().BeInRange(0.045f, 0.05f); // 1 / sqrt(400)
        values.Min().Should().BeInRange(-0.05f, -0.045f);
    }

    [Fact]
    public void Factors_stay_float32_under_a_bfloat16_base()
    {
        using var scope = NewDisposeScope();
        using var adapter = new LoraAdapter(4, 4, new LoraConfig(2), ParameterRole.Attention, 1);

        var output = adapter.call(randn([3, 4], ScalarType.BFloat16));

        adapter.A.dtype.Should().Be(ScalarType.Float32);
        output.dtype.Should().Be(ScalarType.Float32);
    }

    [Fact]
    public void Gradients_under_a_bfloat16_input_are_those_of_its_float32_copy()
    {
        using var scope = NewDisposeScope();
        using var adapter = new LoraAdapter(12, 5, new LoraConfig(3), ParameterRole.Attention, 1);
        nn.init.normal_(adapter.B, 0, 1);
        var input = randn([2, 7, 12], ScalarType.BFloat16);
        var weights = randn(2, 7, 5);

        var narrow = input.clone().requires_grad_();
        (adapter.call(narrow) * weights).sum().backward();
        var (byA, byB) = (adapter.A.grad!.clone(), adapter.B.grad!.clone());
        adapter.zero_grad();
        var wide = input.to(ScalarType.Float32).requires_grad_();
        (adapter.call(wide) * weights).sum().backward();

        adapter.A.grad!.allclose(byA, 1e-5, 1e-6).Should().BeTrue();
        adapter.B.grad!.allclose(byB, 1e-5, 1e-6).Should().BeTrue();
        narrow.grad!.dtype.Should().Be(ScalarType.BFloat16);
        narrow.grad!.Equals(wide.grad!.to(ScalarType.BFloat16)).Should().BeTrue();
    }

#if TORCH_SYSTEM
    // In TorchSharp the exception crosses native frames and ends the process.
    [Fact]
    public void A_second_derivative_by_a_bfloat16_input_is_refused()
    {
        using var scope = NewDisposeScope();
        using var adapter = new LoraAdapter(4, 4, new LoraConfig(2), ParameterRole.Attention, 1);
        var input = randn([3, 4], ScalarType.BFloat16).requires_grad_();

        var act = () => autograd.grad([adapter.call(input).sum()], [input], create_graph: true);

        act.Should().Throw<Exception>().WithMessage("*second derivative*");
    }
#endif

    [Fact]
    public void Dropout_acts_in_training_only()
    {
        using var scope = NewDisposeScope();
        using var adapter = new LoraAdapter(50, 5, new LoraConfig(4, Dropout: 0.5), ParameterRole.Generalist, 1);
        using (no_grad())
        {
            adapter.B.fill_(1);
        }

        var x = ones(1, 50);
        adapter.eval();
        adapter.call(x).allclose(adapter.call(x)).Should().BeTrue();
        adapter.train();
        adapter.call(x).allclose(adapter.call(x)).Should().BeFalse();
    }

    [Fact]
    public void All_wrong_settings_are_listed_at_once()
    {
        var act = () => new LoraAdapter(3, 2, new LoraConfig(0, -1, LoraScaling.Classic, 2), ParameterRole.Generalist, 1);

        act.Should().Throw<ArgumentException>().WithMessage("*Rank is 0*").WithMessage("*Alpha is -1*").WithMessage("*Dropout is 2*");
    }

    [Fact]
    public void An_adapter_outlives_the_dispose_scope_it_was_made_in()
    {
        LoraAdapter adapter;
        using (NewDisposeScope())
        {
            adapter = new LoraAdapter(3, 2, new LoraConfig(1), ParameterRole.Generalist, 1);
        }

        adapter.A.IsInvalid.Should().BeFalse();
        adapter.Dispose();
    }
}
