namespace CoMiGS.Aggregation.HetLora;

/// <summary>How much a device counts in an adapter.</summary>
public enum HetLoraWeights
{
    /// <summary>By the norm of its effective update, <c>s ||B A||_F</c>, as published.</summary>
    NormOfProduct,

    /// <summary>By its sample count.</summary>
    Samples,

    /// <summary>The same as every other.</summary>
    Uniform,
}
