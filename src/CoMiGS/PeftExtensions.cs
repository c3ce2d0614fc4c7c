using CoMiGS.Checkpoints;
using CoMiGS.Experts;
using CoMiGS.Layers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace CoMiGS;

/// <summary>Uses adapters that PEFT made.</summary>
public static class PeftExtensions
{
    /// <summary>
    /// Puts a LoRA adapter in PEFT's layout beside the linear layers that it was trained for, each with its own rank and scale: a model with one expert and nothing to
    /// route. <c>MergeIntoBase</c> adds it to the weights for good, <c>RemoveExperts</c> takes it out again.
    /// </summary>
    /// <param name="model">The base model the adapter was trained on; the handle owns it from now on.</param>
    /// <param name="folder">A folder with <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</param>
    /// <param name="role">Whether the expert is shared or private, should it be trained on. Default: private.</param>
    /// <param name="logger">Hears of fields of the configuration that are not known.</param>
    /// <exception cref="InvalidDataException">The adapter is damaged, more than plain LoRA, or another model's; the message lists every reason, and the model is as before.</exception>
    /// <exception cref="InvalidOperationException">The model has experts or adapters already.</exception>
    public static MoeModel AddAdapter(this nn.Module<Tensor, Tensor> model, string folder, ExpertRole role = ExpertRole.Specialist, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return AdapterAttachment.Attach(model, folder, role, logger ?? NullLogger.Instance);
    }
}
