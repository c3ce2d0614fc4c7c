namespace CoMiGS.Aggregation.HetLora;

/// <summary>How HetLoRA combines adapters of differing ranks.</summary>
public sealed class HetLoraOptions
{
    /// <summary>How much a device counts in an adapter.</summary>
    /// <value>Default: by the norm of its effective update.</value>
    public HetLoraWeights Weights { get; set; } = HetLoraWeights.NormOfProduct;

    /// <summary>By whose weights a row or column is divided.</summary>
    /// <value>Default: of the devices that have it.</value>
    public HetLoraDivisor Divisor { get; set; } = HetLoraDivisor.Owners;
}
