namespace CoMiGS.Torch.Tests.Autograd;

public sealed class GradientModeTests
{
    [Fact]
    public void Gradients_add_up_until_they_are_cleared()
    {
        using var scope = NewDisposeScope();
        var x = Numbers.Vector(1, 2).requires_grad_();
        x.grad.Should().BeNull();
        (x * 3).sum().backward();
        (x * 3).sum().backward();
        Numbers.ShouldBe(x.grad!, [6, 6]);
        x.grad = null;
        x.grad.Should().BeNull();
    }

    [Fact]
    public void Modes_nest_and_end_with_their_block()
    {
        is_grad_enabled().Should().BeTrue();
        using (no_grad())
        {
            is_grad_enabled().Should().BeFalse();
            using (enable_grad())
            {
                is_grad_enabled().Should().BeTrue();
            }

            using (set_grad_enabled(true))
            {
                is_grad_enabled().Should().BeTrue();
            }

            is_grad_enabled().Should().BeFalse();
        }

        is_grad_enabled().Should().BeTrue();
        using (inference_mode())
        {
            is_inference_mode_enabled().Should().BeTrue();
            is_grad_enabled().Should().BeFalse();
        }

        is_inference_mode_enabled().Should().BeFalse();
    }

    [Fact]
    public void Modes_belong_to_their_thread()
    {
        using var mode = no_grad();
        var elsewhere = false;
        var thread = new Thread(() => elsewhere = is_grad_enabled());
        thread.Start();
        thread.Join();
        elsewhere.Should().BeTrue();
        is_grad_enabled().Should().BeFalse();
    }

    [Fact]
    public void Detached_tensors_share_data_but_no_history()
    {
        using var scope = NewDisposeScope();
        var x = Numbers.Vector(1, 2).requires_grad_();
        var y = x * 2;
        (y.is_leaf, x.is_leaf, y.requires_grad).Should().Be((false, true, true));
        var detached = y.detach();
        (detached.is_leaf, detached.requires_grad).Should().Be((true, false));
        detached[0] = tensor(9.0);
        Numbers.ShouldBe(y, [9, 4]);
    }

    [Fact]
    public void Gradients_of_gradients_are_available()
    {
        using var scope = NewDisposeScope();
        var x = Numbers.Vector(2).requires_grad_();
        var first = autograd.grad([x.pow(3).sum()], [x], create_graph: true)[0];
        Numbers.ShouldBe(first, [12]);
        Numbers.ShouldBe(autograd.grad([first.sum()], [x])[0], [12]);
    }

    [Fact]
    public void Inner_gradients_are_kept_on_request_and_weights_are_given()
    {
        using var scope = NewDisposeScope();
        var x = Numbers.Vector(1, 2).requires_grad_();
        var y = x * x;
        y.retain_grad();
        y.backward([Numbers.Vector(10, 100)]);
        Numbers.ShouldBe(x.grad!, [20, 400]);
        Numbers.ShouldBe(y.grad!, [10, 100]);
    }
}
