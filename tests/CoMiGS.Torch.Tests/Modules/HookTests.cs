namespace CoMiGS.Torch.Tests.Modules;

public sealed class HookTests
{
    [Fact]
    public void Hooks_run_around_call_and_not_around_forward()
    {
        using var scope = NewDisposeScope();
        var layer = nn.Identity();
        var before = 0;
        var after = 0;
        layer.register_forward_pre_hook(_ => before++);
        layer.register_forward_hook(_ => after++);
        layer.call(ones(1));
        layer.forward(ones(1));
        (before, after).Should().Be((1, 1));
    }

    [Fact]
    public void Hooks_may_replace_inputs_and_results_until_they_are_removed()
    {
        using var scope = NewDisposeScope();
        var layer = nn.Identity();
        var pre = layer.register_forward_pre_hook((_, x) => x * 2);
        var post = layer.register_forward_hook((_, _, result) => result + 1);
        layer.call(ones(1)).item<float>().Should().Be(3);
        pre.remove();
        layer.call(ones(1)).item<float>().Should().Be(2);
        post.remove();
        layer.call(ones(1)).item<float>().Should().Be(1);
    }

    [Fact]
    public void Hooks_of_two_inputs_see_both()
    {
        using var scope = NewDisposeScope();
        var layer = new Difference();
        layer.register_forward_pre_hook((_, a, b) => (b, a));
        layer.call(Numbers.Vector(5), Numbers.Vector(2)).item<double>().Should().Be(-3);
    }

    private sealed class Difference() : nn.Module<Tensor, Tensor, Tensor>(nameof(Difference))
    {
        public override Tensor forward(Tensor input1, Tensor input2) => input1 - input2;
    }
}
