namespace CoMiGS.Aggregation;

/// <summary>How much a device counts.</summary>
public enum UpdateWeights
{
    /// <summary>By its sample count.</summary>
    Samples,

    /// <summary>The same as every other.</summary>
    Uniform,
}
