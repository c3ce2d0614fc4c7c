using CoMiGS.Aggregation;
using CoMiGS.Aggregation.OneFactor;

namespace CoMiGS;

/// <summary>Names FFA-LoRA and FedSA-LoRA among the strategies.</summary>
public static class OneFactorExtensions
{
    /// <summary>FFA-LoRA: A is common and never trained, B is averaged. Devices call <c>UseFrozenDownProjections</c>.</summary>
    /// <param name="aggregation">The builder.</param>
    public static AggregationBuilder FfaLora(this AggregationBuilder aggregation) => aggregation.Use(_ => new FfaLora());

    /// <summary>FedSA-LoRA: A is averaged, B stays. Devices call <c>Share(SharedRoles.Default.Only(LoraFactor.A))</c>.</summary>
    /// <param name="aggregation">The builder.</param>
    public static AggregationBuilder FedSaLora(this AggregationBuilder aggregation) => aggregation.Use(_ => new FedSaLora());
}
