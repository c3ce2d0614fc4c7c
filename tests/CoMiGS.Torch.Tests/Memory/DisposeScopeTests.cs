namespace CoMiGS.Torch.Tests.Memory;

public sealed class DisposeScopeTests
{
    [Fact]
    public void A_scope_disposes_what_was_made_in_it()
    {
        var before = LiveTensors.Count();
        Tensor inner;
        using (var scope = NewDisposeScope())
        {
            inner = ones(2) + 1;
            scope.DisposablesCount.Should().Be(2);
        }

        inner.IsInvalid.Should().BeTrue();
        Tensor.TotalCount.Should().Be(before);
    }

    [Fact]
    public void Tensors_move_out_one_scope_at_a_time()
    {
        Tensor kept;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                kept = ones(1).MoveToOuterDisposeScope();
            }

            kept.IsInvalid.Should().BeFalse();
        }

        kept.IsInvalid.Should().BeTrue();
    }

    [Fact]
    public void Detached_tensors_belong_to_their_holder()
    {
        Tensor kept;
        using (NewDisposeScope())
        {
            kept = ones(1).DetachFromDisposeScope();
        }

        kept.IsInvalid.Should().BeFalse();
        kept.Dispose();
        kept.Dispose();
        kept.IsInvalid.Should().BeTrue();
    }

    [Fact]
    public void Scopes_keep_move_and_attach()
    {
        using var outer = NewDisposeScope();
        var (a, b) = (ones(1), ones(1));
        using (var inner = NewDisposeScope())
        {
            var c = inner.DisposeEverythingBut(ones(1));
            _ = ones(1);
            inner.Attach(a);
            inner.Contains(a).Should().BeTrue();
            outer.Contains(a).Should().BeFalse();
            c.MoveToOtherDisposeScope(b);
            outer.Contains(c).Should().BeTrue();
            inner.MoveToOuter(a);
        }

        a.IsInvalid.Should().BeFalse();
        outer.DisposablesCount.Should().Be(3);
        using var wrapped = WrappedTensorDisposeScope(() => ones(1) + 1);
        wrapped.item<float>().Should().Be(2);
        outer.DisposablesCount.Should().Be(4);
    }

    [Fact]
    public void A_scope_belongs_to_its_thread()
    {
        using var scope = NewDisposeScope();
        Tensor? elsewhere = null;
        var thread = new Thread(() => elsewhere = ones(1));
        thread.Start();
        thread.Join();
        scope.DisposablesCount.Should().Be(0);
        elsewhere!.Dispose();
    }

#if TORCH_SYSTEM
    // A scope of TorchSharp has no lock.
    [Fact]
    public void A_tensor_may_be_disposed_on_another_thread_than_its_scopes()
    {
        var before = LiveTensors.Count();
        using (var scope = NewDisposeScope())
        {
            var list = Enumerable.Range(0, 1000).Select(_ => ones(1)).ToList();
            var thread = new Thread(() => list.ForEach(t => t.Dispose()));
            thread.Start();
            for (var i = 0; i < 1000; i++)
            {
                _ = ones(1);
            }

            thread.Join();
            scope.DisposablesCount.Should().Be(1000);
        }

        Tensor.TotalCount.Should().Be(before);
    }
#endif
}
