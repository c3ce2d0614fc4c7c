using static TorchSharp.torch;

namespace CoMiGS.Parameters;

/// <summary>How a trainable parameter starts, as a rule that any device can follow from a seed alone.</summary>
/// <param name="Distribution">The distribution the values are drawn from.</param>
/// <param name="Scale">Half-width of the uniform or standard deviation of the normal distribution; unused for zeros.</param>
public readonly record struct ParameterInit(InitDistribution Distribution, double Scale)
{
    /// <summary>All zeros: lora_B, so that a new adapter changes nothing.</summary>
    public static ParameterInit Zeros => new(InitDistribution.Zeros, 0);

    /// <summary>Kaiming-uniform with a = sqrt(5), which is U(-1/sqrt(fan_in), 1/sqrt(fan_in)): lora_A.</summary>
    /// <param name="fanIn">Number of input features.</param>
    public static ParameterInit KaimingUniform(long fanIn) => new(InitDistribution.Uniform, 1 / Math.Sqrt(fanIn));

    /// <summary>N(0, std^2): the router.</summary>
    /// <param name="std">Standard deviation.</param>
    public static ParameterInit Normal(double std) => new(InitDistribution.Normal, std);

    /// <summary>Overwrites <paramref name="target"/> with fresh values. The same seed gives the same values on every platform and torch version.</summary>
    /// <param name="target">The parameter to fill, of any shape and floating-point type.</param>
    /// <param name="seed">The seed; see <see cref="Seed.For(string)"/> for one per parameter.</param>
    public void Fill(Tensor target, Seed seed)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (Distribution == InitDistribution.Zeros)
        {
            target.zero_();
            return;
        }

        target.copy_(tensor(Draw(target.numel(), seed), target.shape));
    }

    /// <summary>The first values of a parameter, in row-major order: <see cref="Fill"/> without a tensor. Fewer rows are the first of more.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed of the parameter.</param>
    public float[] Draw(long count, Seed seed)
    {
        var values = new float[count];
        if (Distribution == InitDistribution.Zeros)
        {
            return values;
        }

        var random = new SeededRandom(seed);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(Scale * (Distribution == InitDistribution.Uniform ? (2 * random.NextDouble()) - 1 : random.NextNormal()));
        }

        return values;
    }
}
