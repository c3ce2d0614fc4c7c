using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace CoMiGS.Torch.Tests.Memory;

public sealed class LifetimeTests
{
    [Fact]
    public void A_thousand_training_steps_leave_tensors_and_memory_flat()
    {
        manual_seed(1);
        using var net = nn.Sequential(nn.Linear(64, 128), nn.GELU(), nn.Linear(128, 16));
        using var optimizer = optim.AdamW(net.parameters(), 1e-3);
        using var data = randn(64, 64);
        using var target = randint(16, [64]);
        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.cross_entropy(net.call(data), target).backward();
            optimizer.step();
        }

        for (var i = 0; i < 200; i++)
        {
            Step();
        }

        var tensors = LiveTensors.Count();
        var memory = Process.GetCurrentProcess().WorkingSet64;
        for (var i = 0; i < 1000; i++)
        {
            Step();
        }

        Tensor.TotalCount.Should().Be(tensors);
        GC.Collect();
        (Process.GetCurrentProcess().WorkingSet64 - memory).Should().BeLessThan(32 << 20);
    }

    [Fact]
    public void The_finaliser_releases_what_nobody_disposed()
    {
        var before = LiveTensors.Count();
        Abandon(100);
        for (var i = 0; i < 10 && Tensor.TotalCount > before; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Tensor.TotalCount.Should().BeLessThanOrEqualTo(before);
        Tensor.PeakCount.Should().BeGreaterThanOrEqualTo(before + 100);
    }

    [Fact]
    public void Inputs_may_be_disposed_before_the_backward_pass()
    {
        using var x = Numbers.Vector(3).requires_grad_();
        var square = x * x;
        var loss = square.sum();
        square.Dispose();
        loss.backward();
        loss.Dispose();
        using var gradient = x.grad;
        Numbers.ShouldBe(gradient!, [6]);
    }

    [Fact]
    public void Tensors_may_be_disposed_on_another_thread_during_the_backward_pass()
    {
        using var x = Numbers.Matrix(64, 64).requires_grad_();
        var chain = new List<Tensor> { x.tanh() };
        for (var i = 0; i < 200; i++)
        {
            chain.Add(chain[^1].matmul(chain[^1]).tanh());
        }

        using var loss = chain[^1].sum();
        var thread = new Thread(() => chain.ForEach(t => t.Dispose()));
        thread.Start();
        loss.backward();
        thread.Join();
        using var gradient = x.grad;
        Numbers.Of(gradient!).Should().OnlyContain(v => double.IsFinite(v));
    }

    [Fact]
    public void Threads_train_side_by_side()
    {
        var losses = new double[4];
        var before = LiveTensors.Count();
        var threads = Enumerable.Range(0, losses.Length).Select(k => new Thread(() => losses[k] = Train())).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        losses.Should().OnlyContain(l => l == losses[0]);
        Tensor.TotalCount.Should().Be(before + LiveTensors.TooMany(losses.Length));
    }

    private static double Train()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(Numbers.Matrix(4, 4));
        using var optimizer = optim.SGD([weight], 0.05);
        var data = Numbers.Matrix(8, 4, 0.2);
        for (var i = 0; i < 100; i++)
        {
            using var step = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.mse_loss(data.matmul(weight), data).backward();
            optimizer.step();
        }

        return nn.functional.mse_loss(data.matmul(weight), data).item<double>();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abandon(int count)
    {
        for (var i = 0; i < count; i++)
        {
            GC.KeepAlive(ones(1));
        }
    }
}
