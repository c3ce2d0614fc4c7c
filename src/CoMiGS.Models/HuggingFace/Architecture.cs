using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CoMiGS.Models.HuggingFace;

/// <summary>A family of models: how its configuration is read and written, and what its tensors are called in files.</summary>
internal abstract class Architecture
{
    private static readonly IReadOnlyList<Architecture> All = [new GptArchitecture(), new LlamaArchitecture("llama", "LlamaForCausalLM"), new LlamaArchitecture("qwen2", "Qwen2ForCausalLM")];

    /// <summary>The value of <c>model_type</c>.</summary>
    public abstract string ModelType { get; }

    /// <summary>Class of the models it builds.</summary>
    public abstract Type Model { get; }

    /// <summary>Names in <c>architectures</c> that have the tensors this library reads.</summary>
    public abstract IReadOnlyList<string> Classes { get; }

    /// <summary>Tensors that older files hold and nothing needs.</summary>
    public abstract Regex Ignored { get; }

    /// <summary>The token embeddings' name among the model's parameters.</summary>
    public abstract string Embeddings { get; }

    /// <summary>The output head's name in files.</summary>
    public const string Head = "lm_head.weight";

    /// <summary>Finds the family of a configuration, or complains and returns null.</summary>
    public static Architecture? Of(ConfigFile config)
    {
        var type = config.Text("model_type");
        var found = All.FirstOrDefault(a => a.ModelType == type);
        if (found is null)
        {
            config.Refuse("model_type", $"{string.Join(", ", All.Select(a => a.ModelType))} (SmolLM and TinyLlama are llama)");
        }
        else if (config.Has("architectures") && !config.Texts("architectures").Intersect(found.Classes).Any())
        {
            config.Refuse("architectures", $"{string.Join(" or ", found.Classes)} for the model_type {type}");
        }

        if (config.Has("quantization_config"))
        {
            config.Complain("'quantization_config' is set, but quantized weights are not read. Load the checkpoint that was quantized.");
        }

        return found;
    }

    /// <summary>The family of a model.</summary>
    public static Architecture Of(LanguageModel model) => All.FirstOrDefault(a => a.Fits(model))
        ?? throw new ArgumentException($"{model.GetType().Name} has no form in Hugging Face's layout. Known are {string.Join(", ", All.Select(a => a.Model.Name).Distinct())}.", nameof(model));

    /// <summary>Reads the options of a model.</summary>
    public abstract ModelPlan Read(ConfigFile config);

    /// <summary>Writes the options of a model.</summary>
    public abstract JsonObject Write(LanguageModel model);

    /// <summary>What a file calls a parameter.</summary>
    /// <param name="parameter">Its name in the model.</param>
    /// <param name="prefixed">Whether the file puts the family's prefix before names that have none in the model.</param>
    public virtual string Stored(string parameter, bool prefixed) => parameter;

    /// <summary>Whether files use that prefix, given the names in them.</summary>
    public virtual bool IsPrefixed(IEnumerable<string> stored) => false;

    /// <summary>Whether a file holds a parameter transposed.</summary>
    public virtual bool IsTransposed(string parameter) => false;

    /// <summary>Whether the model is one of the family.</summary>
    protected virtual bool Fits(LanguageModel model) => Model.IsInstanceOfType(model);
}
