using CoMiGS.Validation;

namespace CoMiGS.Aggregation.FedAmole;

/// <summary>How many experts there are, and how many go where. The defaults are those of the paper's released code, for ten devices.</summary>
public sealed class FedAmoleOptions : ICheckedOptions
{
    /// <summary>Experts that are assigned, E, in every adapted layer.</summary>
    /// <value>Default: 30.</value>
    [Allowed(1, 4096)]
    public int Experts { get; set; } = 30;

    /// <summary>On how many devices each of them goes, k_c.</summary>
    /// <value>Default: 2.</value>
    [Allowed(1, 65536)]
    public int DevicesPerExpert { get; set; } = 2;

    /// <summary>The fewest that a device gets in a layer: at least as many as its tokens take.</summary>
    /// <value>Default: 2.</value>
    [Allowed(1, 4096)]
    public int FewestPerDevice { get; set; } = 2;

    /// <summary>The most that a device gets in a layer, b_max.</summary>
    /// <value>Default: 8.</value>
    [Allowed(1, 4096)]
    public int MostPerDevice { get; set; } = 8;

    /// <summary>Whether every device gets the same number of experts: the paper's homogeneous variant. Then only <see cref="FewestPerDevice"/> and <see cref="MostPerDevice"/> it lies between matter.</summary>
    /// <value>Default: false.</value>
    public bool SameNumber { get; set; }

    /// <summary>How much a device counts in the mean over those that hold an expert.</summary>
    /// <value>Default: the same as every other, as in the paper's released code.</value>
    public UpdateWeights Weights { get; set; } = UpdateWeights.Uniform;

    /// <inheritdoc/>
    public IEnumerable<string> CrossFieldViolations()
    {
        if (FewestPerDevice > MostPerDevice)
        {
            yield return $"FewestPerDevice is {FewestPerDevice}, but MostPerDevice is {MostPerDevice}. Use at most {MostPerDevice} for the fewest.";
        }

        if (FewestPerDevice > Experts)
        {
            yield return $"FewestPerDevice is {FewestPerDevice}, but there are {Experts} Experts. Use at most that many.";
        }
    }
}
