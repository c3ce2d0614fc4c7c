using CoMiGS.Checkpoints;
using CoMiGS.Models.HuggingFace;
using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>
/// Checkpoints in Hugging Face's layout: <c>config.json</c> beside <c>model.safetensors</c>, or beside shards and their index. GPT-2, Llama and Qwen2 (docs/models.md).
/// Nothing is downloaded.
/// </summary>
public static class Pretrained
{
    /// <summary>Loads a checkpoint. Its weights go from the file straight into the model, window by window, so memory peaks at the size of the model.</summary>
    /// <param name="folder">The checkpoint.</param>
    /// <param name="options">Type and device. Default: as stored, on the CPU.</param>
    /// <param name="progress">Hears of every tensor.</param>
    /// <param name="cancellationToken">Looked at before every tensor.</param>
    /// <returns>The model, of class <see cref="Gpt"/> or <see cref="Llama"/>, in evaluation mode.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="PretrainedException">The architecture is unknown, fields contradict each other, tensors are missing, unexpected or of a wrong shape, or a file is damaged; all of it is listed.</exception>
    public static LanguageModel Load(string folder, PretrainedOptions? options = null, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Load<LanguageModel>(folder, options, progress, cancellationToken);

    /// <summary>Writes a model so that this library and Hugging Face's read it; float32 stays float32, bfloat16 stays bfloat16.</summary>
    /// <param name="model">The model, without experts: those are saved as adapters.</param>
    /// <param name="folder">Where it appears, whole or not at all; replaced if it exists.</param>
    /// <exception cref="ArgumentException">The model has experts, or is of a build that has no name there.</exception>
    public static void Save(LanguageModel model, string folder)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.modules().Any(m => m is IAdapted))
        {
            throw new ArgumentException($"{model.GetType().Name} has experts or adapters, which have no place in a checkpoint of the base model. Save them as adapters, and the base model before they are added.", nameof(model));
        }

        AtomicFolder.Write(folder, path => CheckpointWriter.Write(model, path));
    }

    internal static TModel Load<TModel>(string folder, PretrainedOptions? options, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
        where TModel : LanguageModel
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (options?.Type is { } type && type is not (ScalarType.Float32 or ScalarType.BFloat16 or ScalarType.Float64))
        {
            throw new ArgumentException($"Type is {type}. Use Float32, BFloat16 or Float64, or leave it unset to take what is stored.", nameof(options));
        }

        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(File.Exists(folder)
                ? $"'{folder}' is a file. Name its folder, with config.json and model.safetensors."
                : $"There is no folder '{folder}'. Name a folder with config.json and model.safetensors. Nothing is downloaded.");
        }

        using var checkpoint = CheckpointFolder.Open(folder, typeof(TModel));
        var model = (TModel)checkpoint.Load(options?.Type ?? checkpoint.StoredType, options?.Device ?? CPU, progress, cancellationToken);
        model.BaseModelNameOrPath = folder;
        model.eval();
        return model;
    }
}
