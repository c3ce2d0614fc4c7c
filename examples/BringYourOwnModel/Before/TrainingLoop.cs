using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CoMiGS.BringYourOwnModel.Before;

/// <summary>Trains a model on a text, in a loop as people write it.</summary>
public static class TrainingLoop
{
    /// <summary>Makes so many steps.</summary>
    public static void Train(Module<Tensor, Tensor> model, Text text, int steps)
    {
        using var optimizer = optim.AdamW(model.parameters(), lr: 3e-3, weight_decay: 0.01);
        model.train();
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var (input, target) = text.Batch(step);
            optimizer.zero_grad();
            var loss = functional.cross_entropy(model.call(input).reshape(-1, TinyWriter.Characters), target.reshape(-1));
            loss.backward();
            optimizer.step();
        }
    }
}
