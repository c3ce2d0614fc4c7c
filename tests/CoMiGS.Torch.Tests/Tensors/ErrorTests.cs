using System.Runtime.InteropServices;

namespace CoMiGS.Torch.Tests.Tensors;

public sealed class ErrorTests
{
    [Fact]
    public void Errors_carry_libtorchs_words()
    {
        using var scope = NewDisposeScope();
        var message = FluentActions.Invoking(() => zeros(2, 3).mm(zeros(2, 3))).Should().Throw<ExternalException>()
            .WithMessage("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)*").And.Message;
#if TORCH_SYSTEM
        message.Should().NotContain("frame #");
        FluentActions.Invoking(() => zeros(2, 3).matmul(zeros(2, 3))).Should().Throw<ExternalException>().WithMessage(message); // the process of TorchSharp 0.107.0 ends here
#else
        message.Should().Contain("frame #", "TorchSharp has libtorch's trace in it");
#endif
        FluentActions.Invoking(() => zeros(2) + zeros(3)).Should().Throw<ExternalException>().WithMessage("*size of tensor a (2)*");
        FluentActions.Invoking(() => zeros(2).view(3)).Should().Throw<ExternalException>().WithMessage("*invalid for input of size 2*");
        FluentActions.Invoking(() => zeros(2).select(0, 5)).Should().Throw<ExternalException>().WithMessage("*out of range*");
    }

    [Fact]
    public void Work_goes_on_after_an_error()
    {
        using var scope = NewDisposeScope();
        FluentActions.Invoking(() => zeros(2).reshape(5)).Should().Throw<ExternalException>();
        ones(2).sum().item<float>().Should().Be(2);
    }

    [Fact]
    public void A_disposed_tensor_is_refused_wherever_it_is_used()
    {
        var gone = zeros(2);
        gone.Dispose();
        gone.IsInvalid.Should().BeTrue();
        FluentActions.Invoking(() => gone.sum()).Should().Throw<InvalidOperationException>();
        FluentActions.Invoking(() => gone.shape).Should().Throw<InvalidOperationException>();
        using var alive = zeros(2);
        FluentActions.Invoking(() => alive + gone).Should().Throw<InvalidOperationException>();
        FluentActions.Invoking(() => cat([alive, gone])).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void A_second_backward_needs_the_graph_to_be_kept()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        var loss = x.square().sum();
        loss.backward(retain_graph: true);
        loss.backward();
        Numbers.ShouldBe(x.grad!, [4, 4]);
        FluentActions.Invoking(() => loss.backward()).Should().Throw<ExternalException>().WithMessage("*second time*");
    }

    [Fact]
    public void A_leaf_that_needs_gradients_is_not_changed_in_place()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        FluentActions.Invoking(() => x.add_(1)).Should().Throw<ExternalException>().WithMessage("*leaf*");
    }
}
