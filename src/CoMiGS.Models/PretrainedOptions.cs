using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>How a checkpoint is loaded.</summary>
public sealed class PretrainedOptions
{
    /// <summary>Type of the model's weights and of what it computes: float32, bfloat16, or float64 for comparisons. Experts and adapters are float32 whatever it is.</summary>
    /// <value>Default: null, as stored: bfloat16 where every weight is stored so, else float32.</value>
    public ScalarType? Type { get; set; }

    /// <summary>Where the weights go.</summary>
    /// <value>Default: null, the CPU.</value>
    public Device? Device { get; set; }
}
