using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Bench.Engine;

/// <summary>The training step of a perceptron: forward, mean squared error, backward, AdamW. <c>mlp_step.cpp</c> does the same.</summary>
internal sealed class MlpStep
{
    private readonly Sequential _model;
    private readonly AdamW _optimizer;
    private readonly Tensor _input; // (N, d)
    private readonly Tensor _target; // (N, d)

    /// <param name="size">Its size.</param>
    public MlpStep(MlpSize size)
    {
        _model = nn.Sequential(nn.Linear(size.Width, size.Hidden), nn.ReLU(), nn.Linear(size.Hidden, size.Width));
        _optimizer = optim.AdamW(_model.parameters(), 1e-3, weight_decay: 0.01);
        _input = randn(size.Batch, size.Width);
        _target = randn(size.Batch, size.Width);
    }

    /// <summary>Makes steps.</summary>
    public void Run(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            _optimizer.zero_grad();
            nn.functional.mse_loss(_model.call(_input), _target).backward();
            _optimizer.step();
        }
    }
}
