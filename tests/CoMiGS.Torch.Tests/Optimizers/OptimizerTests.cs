namespace CoMiGS.Torch.Tests.Optimizers;

public sealed class OptimizerTests
{
    private static readonly double[] Gradients = [0.5, -0.2, 0.1, 0.4];

    private static void Step(optim.Optimizer optimizer, Parameter parameter, double gradient)
    {
        using var value = tensor(new[] { gradient });
        parameter.grad = value;
        optimizer.step();
    }

    private static Parameter One() => new(tensor(new[] { 1.0 }));

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    public void AdamW_follows_its_formula(double decay)
    {
        using var parameter = One();
        using var optimizer = optim.AdamW([parameter], 0.01, 0.9, 0.95, weight_decay: decay);
        var (p, m, v) = (1.0, 0.0, 0.0);
        for (var t = 1; t <= Gradients.Length; t++)
        {
            var g = Gradients[t - 1];
            Step(optimizer, parameter, g);
            p -= 0.01 * decay * p;
            m = (0.9 * m) + (0.1 * g);
            v = (0.95 * v) + (0.05 * g * g);
            p -= 0.01 * (m / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.95, t))) + 1e-8);
            Numbers.ShouldBe(parameter, [p], 1e-12);
        }
    }

    [Theory]
    [InlineData(0.0, false)]
    [InlineData(0.9, false)]
    [InlineData(0.9, true)]
    public void SGD_follows_its_formula(double momentum, bool nesterov)
    {
        using var parameter = One();
        using var optimizer = optim.SGD([parameter], learningRate: 0.1, momentum: momentum, weight_decay: 0.01, nesterov: nesterov);
        var (p, b) = (1.0, 0.0);
        for (var t = 0; t < Gradients.Length; t++)
        {
            Step(optimizer, parameter, Gradients[t]);
            var g = Gradients[t] + (0.01 * p);
            b = t == 0 ? g : (momentum * b) + g;
            p -= 0.1 * (momentum == 0 ? g : nesterov ? g + (momentum * b) : b);
            Numbers.ShouldBe(parameter, [p], 1e-12);
        }
    }

    [Fact]
    public void AdamW_decays_nothing_by_default_and_skips_parameters_without_gradient()
    {
        using var parameter = One();
        using var idle = One();
        using var optimizer = optim.AdamW([parameter, idle]);
        Step(optimizer, parameter, 0);
        Numbers.ShouldBe(parameter, [1]);
        Numbers.ShouldBe(idle, [1]);
    }

    [Fact]
    public void Groups_keep_their_own_options()
    {
        using var slow = One();
        using var fast = One();
        using var optimizer = new TorchSharp.Modules.SGD(
            [
                new TorchSharp.Modules.SGD.ParamGroup { Parameters = [slow], Options = new TorchSharp.Modules.SGD.Options { LearningRate = 0.1 } },
                new TorchSharp.Modules.SGD.ParamGroup { Parameters = [fast] },
            ],
            1.0);
        optimizer.ParamGroups.Select(g => g.LearningRate).Should().Equal(0.1, 1.0);
        using var gradient = tensor(new[] { 1.0 });
        slow.grad = gradient;
        fast.grad = gradient;
        optimizer.step();
        Numbers.ShouldBe(slow, [0.9], 1e-12);
        Numbers.ShouldBe(fast, [0], 1e-12);
        optimizer.parameters().Should().Equal(slow, fast);
    }

    [Fact]
    public void Clearing_gradients_sets_them_to_zero()
    {
        using var parameter = One();
        using var optimizer = optim.SGD([parameter], 0.1);
        Step(optimizer, parameter, 2);
        optimizer.zero_grad();
        using var gradient = parameter.grad;
        Numbers.ShouldBe(gradient!, [0]);
    }

    [Fact]
    public void A_closure_computes_loss_and_gradients_first()
    {
        using var scope = NewDisposeScope();
        var parameter = One();
        using var optimizer = optim.SGD([parameter], 0.5);
        using var mode = no_grad();
        var loss = optimizer.step(() =>
        {
            var l = parameter.square().sum();
            l.backward();
            return l;
        });
        loss!.item<double>().Should().Be(1);
        Numbers.ShouldBe(parameter, [0], 1e-12);
    }

    [Fact]
    public void State_goes_over_to_another_optimizer()
    {
        using var a = One();
        using var b = One();
        using var first = optim.AdamW([a], 0.01);
        using var second = optim.AdamW([b], 0.5);
        Step(first, a, 0.5);
        second.load_state_dict(first.state_dict());
        using (no_grad())
        {
            b.copy_(a);
        }

        var state = (TorchSharp.Modules.AdamW.State)second.state_dict().State[0];
        state.step.Should().Be(1);
        Numbers.ShouldBe(state.exp_avg, [0.05], 1e-12);
        Numbers.ShouldBe(state.exp_avg_sq, [0.00025], 1e-12);
        Step(first, a, -0.3);
        Step(second, b, -0.3);
        Numbers.ShouldBe(b, Numbers.Of(a), 1e-15);
    }

    [Fact]
    public void Gradients_are_clipped_to_a_joint_norm()
    {
        using var a = new Parameter(zeros(1));
        using var b = new Parameter(zeros(1));
        using (var three = tensor(new float[] { 3 }))
        using (var four = tensor(new float[] { 4 }))
        {
            a.grad = three.clone();
            b.grad = four.clone();
        }

        nn.utils.clip_grad_norm_([a, b], 1).Should().BeApproximately(5, 1e-6);
        using var clippedA = a.grad;
        using var clippedB = b.grad;
        Numbers.ShouldBe(clippedA!, [0.6], 1e-6);
        Numbers.ShouldBe(clippedB!, [0.8], 1e-6);
        nn.utils.clip_grad_norm_([a, b], 10).Should().BeApproximately(1, 1e-5);
        nn.utils.clip_grad_value_([a, b], 0.7);
        Numbers.ShouldBe(clippedB!, [0.7], 1e-6);
    }
}
