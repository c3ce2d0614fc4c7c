namespace CoMiGS.Aggregation.FlexLora;

/// <summary>How FlexLoRA weighs devices.</summary>
public sealed class FlexLoraOptions
{
    /// <summary>How much a device counts, p_k.</summary>
    /// <value>Default: by its sample count.</value>
    public UpdateWeights Weights { get; set; } = UpdateWeights.Samples;
}
