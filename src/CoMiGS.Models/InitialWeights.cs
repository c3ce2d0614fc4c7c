using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>The random weights a model starts with where no checkpoint gives them: biases zero, gains of norms one, all else normal.</summary>
internal static class InitialWeights
{
    /// <param name="model">Its weights are overwritten.</param>
    /// <param name="seed">Each weight is drawn from it and its own name.</param>
    /// <param name="deviation">Standard deviation by name. Default: 0.02 for all.</param>
    public static void Fill(nn.Module model, long seed, Func<string, double>? deviation = null)
    {
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                nn.init.zeros_(parameter);
            }
            else if (parameter.dim() < 2)
            {
                nn.init.ones_(parameter);
            }
            else
            {
                ParameterInit.Normal(deviation?.Invoke(name) ?? 0.02).Fill(parameter, new Seed(seed).For(name));
            }
        }
    }
}
