using CoMiGS.Validation;

namespace CoMiGS.Federation.Methods;

/// <summary>How a device of FDLoRA keeps its personal adapter, and how it fuses it with the global one.</summary>
public sealed class DualAdapterOptions : ICheckedOptions
{
    /// <summary>The personal adapter becomes what the device made of the global one after every so many rounds, not counting the first.</summary>
    /// <value>Default: 5.</value>
    [Allowed(1)]
    public int SyncEvery { get; set; } = 5;

    /// <summary>Batches of the validation split on which weights are tried.</summary>
    /// <value>Default: 5.</value>
    [Allowed(1)]
    public int AuxiliaryBatches { get; set; } = 5;

    /// <summary>How many pairs of weights are tried; each costs a forward pass of every auxiliary batch. The first three are the global adapter alone, the personal one alone, and half of each.</summary>
    /// <value>Default: 20.</value>
    [Allowed(1)]
    public int Budget { get; set; } = 20;

    /// <summary>The largest size of a weight.</summary>
    /// <value>Default: 1.5.</value>
    [Allowed(0, ExclusiveMinimum = true)]
    public double LargestWeight { get; set; } = 1.5;

    /// <summary>What the mean size of the weights counts beside the loss.</summary>
    /// <value>Default: 0.05.</value>
    [Allowed(0)]
    public double WeightPenalty { get; set; } = 0.05;

    /// <summary>Seed of the search.</summary>
    /// <value>Default: 42.</value>
    public long Seed { get; set; } = 42;

    /// <inheritdoc/>
    public IEnumerable<string> CrossFieldViolations()
    {
        if (LargestWeight < 1)
        {
            yield return $"LargestWeight is {LargestWeight}, but either adapter alone has the weight 1. Use 1 or more.";
        }
    }
}
