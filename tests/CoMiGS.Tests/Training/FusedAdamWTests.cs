using CoMiGS.Data;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Training;

public sealed class FusedAdamWTests
{
    [Theory]
    [InlineData(ScalarType.Float32, 2e-6)]
    [InlineData(ScalarType.Float64, 0)]
    public void Fifty_steps_under_a_schedule_end_where_those_of_torch_do(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        long[][] shapes = [[1], [7], [16], [33, 5], [8, 96]];
        var own = shapes.Select(s => new Parameter(randn(s, type))).ToList();
        var other = own.Select(p => new Parameter(p.detach().clone())).ToList();
        using var fused = new FusedAdamW(own, 1e-2, 0.9, 0.95, 1e-8, 0.1);
        using var reference = optim.AdamW(other, 1e-2, 0.9, 0.95, 1e-8, 0.1);
        var schedules = new[] { optim.lr_scheduler.CosineAnnealingLR(fused, 40), optim.lr_scheduler.CosineAnnealingLR(reference, 40) };
        for (var i = 0; i < 50; i++)
        {
            foreach (var (mine, theirs) in own.Zip(other).Skip(i % 2)) // every other step the first has no gradient of its own
            {
                mine.grad = randn_like(mine) * Math.Pow(10, (i % 5) - 3);
                theirs.grad = mine.grad.clone();
            }

            fused.step();
            reference.step();
            Array.ForEach(schedules, s => s.step());
        }

        foreach (var (mine, theirs) in own.Zip(other))
        {
            (mine - theirs).abs().max().ToDouble().Should().BeLessThanOrEqualTo(tolerance);
        }
    }

    [Fact]
    public void A_parameter_without_gradient_stays_and_its_steps_are_not_counted()
    {
        using var scope = NewDisposeScope();
        var (still, moved) = (new Parameter(ones(20)), new Parameter(ones(20)));
        moved.grad = ones(20);
        using var optimizer = new FusedAdamW([still, moved], 0.1, weight_decay: 0.5);
        optimizer.step();

        still.min().ToDouble().Should().Be(1);
        moved.max().ToDouble().Should().BeApproximately((1 - 0.05) - 0.1, 1e-6);
        optimizer.state_dict().State.Cast<AdamW.State>().Select(s => s.step).Should().Equal(0, 1);
    }

    [Fact]
    public void A_maximum_norm_of_gradients_bounds_what_the_step_sees()
    {
        var free = SecondMoments(null);
        SecondMoments(1e6).Should().Be(free);
        SecondMoments(1e-3).Should().BeApproximately(0.05 * 1e-6, 1e-9, "(1 - beta2) times the square of the norm");
    }

    /// <summary>The sum of the second moments after one expert step: (1 - beta2) |g|^2.</summary>
    private static double SecondMoments(double? maximumNorm)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            using var moe = Tiny.Moe();
            using var trainer = new BilevelTrainer(moe, Tiny.Data(), new BilevelOptions { Window = Tiny.Window, BatchSize = 2, MaximumGradientNorm = maximumNorm });
            trainer.ExpertStep();
            using var scope = NewDisposeScope();
            var saved = CoMiGS.Checkpoints.SafetensorsFile.Read(Path.Combine(trainer.SaveState(folder), "training.safetensors"));
            return saved.Where(t => t.Key.EndsWith("exp_avg_sq", StringComparison.Ordinal)).Sum(t => t.Value.sum().ToDouble());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
