using CoMiGS.Layers;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CoMiGS.BringYourOwnModel.After;

/// <summary>Trains a model on a text, in a loop as people write it.</summary>
public static class TrainingLoop
{
    /// <summary>Makes so many steps.</summary>
    public static MoeModel Train(Module<Tensor, Tensor> model, Text text, int steps)
    {
        var moe = model.AddExperts(new ExpertOptions { TargetModules = "all-linear", Specialists = 3 });
        using var optimizer = optim.AdamW(moe.Parameters.Select(p => p.Value), lr: 3e-3, weight_decay: 0.01);
        model.train();
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var (input, target) = text.Batch(step);
            optimizer.zero_grad();
            var loss = functional.cross_entropy(model.call(input).reshape(-1, TinyWriter.Characters), target.reshape(-1)) + moe.BalanceLoss();
            loss.backward();
            optimizer.step();
        }

        return moe;
    }
}
