using static TorchSharp.torch.optim;

namespace CoMiGS.Reference.Tests;

/// <summary>
/// The released code's training loop with its gradient leak (docs/fidelity.md, D1), on top of the library's public interface: every backward fills the
/// gradients of experts and routers, and each optimizer clears only its own after its step.
/// </summary>
internal sealed class LeakyTraining
{
    private readonly TrajectoryClient _client;
    private readonly Trajectory _trajectory;
    private readonly Optimizer _experts;
    private readonly Optimizer _router;
    private readonly lr_scheduler.LRScheduler _schedule;
    private int _step;

    public LeakyTraining(Trajectory trajectory, TrajectoryClient client)
    {
        var options = trajectory.Options(alone: true);
        _trajectory = trajectory;
        _client = client;
        _experts = AdamW(client.Moe.ExpertParameters(), options.LearningRate, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay);
        _router = AdamW(client.Moe.RouterParameters(), options.LearningRate, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay);
        _schedule = lr_scheduler.CosineAnnealingLR(_experts, trajectory.Hyper("rounds") * trajectory.Hyper("steps"), options.LearningRate / 10);
    }

    public void Train(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            Step(_experts, "train");
            _schedule.step();
            if (++_step % _trajectory.Hyper("router_every") == 0)
            {
                for (var r = 0; r < _trajectory.Hyper("router_iters"); r++)
                {
                    Step(_router, "valid");
                }
            }
        }
    }

    private void Step(Optimizer optimizer, string part)
    {
        for (var micro = 0; micro < _trajectory.Hyper("acc"); micro++)
        {
            using var scope = NewDisposeScope();
            (_client.Loss(part) / (double)_trajectory.Hyper("acc")).backward();
        }

        optimizer.step();
        optimizer.zero_grad();
    }
}
