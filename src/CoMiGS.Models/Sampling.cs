using CoMiGS.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>Picks the next token.</summary>
internal static class Sampling
{
    /// <param name="logits">(V), float64.</param>
    /// <param name="temperature">0 for the most likely token.</param>
    /// <param name="random">Advanced by one number when sampling.</param>
    public static long Pick(Tensor logits, double temperature, ref SeededRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(temperature);
        if (temperature == 0)
        {
            return logits.argmax().ToInt64();
        }

        var probabilities = (logits / temperature).softmax(0).data<double>().ToArray();
        var target = random.NextDouble();
        for (var id = 0; id < probabilities.Length - 1; id++)
        {
            target -= probabilities[id];
            if (target < 0)
            {
                return id;
            }
        }

        return probabilities.Length - 1;
    }
}
