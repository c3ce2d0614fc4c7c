using CoMiGS.Torch.Tests.Memory;

namespace CoMiGS.Torch.Tests.Autograd;

public sealed class CustomFunctionTests
{
    [Fact]
    public void A_function_uses_its_own_gradient()
    {
        using var scope = NewDisposeScope();
        Numbers.ShouldBe(Cube.apply(Numbers.Vector(2, 3)), [8, 27]);
        Numbers.CheckGradients(x => Cube.apply(x[0] * 2), Numbers.Vector(0.5, -1.5));
    }

    [Fact]
    public void A_function_of_two_tensors_and_a_number_gives_a_gradient_to_each_tensor()
    {
        using var scope = NewDisposeScope();
        Numbers.CheckGradients(x => SumAndProduct.apply(x[0], x[1], 3.0)[0], Numbers.Vector(1, 2), Numbers.Vector(4, 5));
        Numbers.CheckGradients(x => SumAndProduct.apply(x[0], x[1], 3.0)[1], Numbers.Vector(1, 2), Numbers.Vector(4, 5));
        Numbers.CheckGradients(
            x => SumAndProduct.apply(x[0], x[1], 3.0).Aggregate((a, b) => a * b), Numbers.Vector(1, 2), Numbers.Vector(4, 5));
    }

    [Fact]
    public void Nothing_is_recorded_without_gradients()
    {
        using var scope = NewDisposeScope();
        Cube.apply(Numbers.Vector(1)).requires_grad.Should().BeFalse();
        using var mode = no_grad();
        Cube.apply(Numbers.Vector(1).requires_grad_()).requires_grad.Should().BeFalse();
    }

#if TORCH_SYSTEM
    // In TorchSharp the exception crosses native frames and ends the process.
    [Fact]
    public void What_a_backward_pass_throws_arrives_where_backward_was_called()
    {
        using var scope = NewDisposeScope();
        var result = Faulty.apply(Numbers.Vector(1).requires_grad_());
        FluentActions.Invoking(() => result.sum().backward()).Should().Throw<Exception>().WithMessage("*no gradient today*");
        var x = Numbers.Vector(2).requires_grad_();
        x.square().sum().backward();
        Numbers.ShouldBe(x.grad!, [4]);
    }
#endif

    [Fact]
    public void Kept_tensors_go_with_the_graph()
    {
        using var x = Numbers.Vector(1, 2).requires_grad_();
        using (var scope = NewDisposeScope())
        {
            Cube.apply(x).sum().backward();
        }

        var before = LiveTensors.Count();
        for (var i = 0; i < 50; i++)
        {
            using var scope = NewDisposeScope();
            Cube.apply(x).sum().backward();
            KeepsItsResult.apply(x).sum().backward();
            _ = KeepsItsResult.apply(x);
        }

        Tensor.TotalCount.Should().Be(before);
    }

    private sealed class Cube : autograd.SingleTensorFunction<Cube>
    {
        public override string Name => nameof(Cube);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            ctx.save_for_backward([x]);
            return x.pow(3);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [grad_output * ctx.get_saved_variables()[0].square() * 3];
    }

    private sealed class KeepsItsResult : autograd.SingleTensorFunction<KeepsItsResult>
    {
        public override string Name => nameof(KeepsItsResult);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var result = ((Tensor)vars[0]).exp();
            ctx.save_for_backward([result]);
            return result;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [grad_output * ctx.get_saved_variables()[0]];
    }

    private sealed class SumAndProduct : autograd.MultiTensorFunction<SumAndProduct>
    {
        public override string Name => nameof(SumAndProduct);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (a, b, factor) = ((Tensor)vars[0], (Tensor)vars[1], (double)vars[2]);
            ctx.save_for_backward([a, b]);
            ctx.save_data("factor", factor);
            return [(a + b) * factor, a * b];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            var saved = ctx.get_saved_variables();
            var factor = (double)ctx.get_data("factor")!;
            return
            [
                (grad_outputs[0] * factor) + (grad_outputs[1] * saved[1]),
                (grad_outputs[0] * factor) + (grad_outputs[1] * saved[0]),
                null!,
            ];
        }
    }

#if TORCH_SYSTEM
    private sealed class Faulty : autograd.SingleTensorFunction<Faulty>
    {
        public override string Name => nameof(Faulty);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).clone();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            throw new InvalidOperationException("no gradient today");
    }
#endif
}
