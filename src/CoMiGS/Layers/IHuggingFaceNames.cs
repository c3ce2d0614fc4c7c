namespace CoMiGS.Layers;

/// <summary>A backbone whose modules have other paths in Hugging Face's library than here. One without it has the same paths.</summary>
/// <remarks>Adapters are saved under the paths of the class that PEFT wraps, so that PEFT finds the modules again.</remarks>
public interface IHuggingFaceNames
{
    /// <summary>What Hugging Face's causal language model puts before the paths of its backbone, for example <c>transformer.</c>.</summary>
    /// <value>Ends with a dot, or is empty. Default: empty.</value>
    string PathPrefix => "";

    /// <summary>Whether Hugging Face's class keeps the weights of linear maps as (in, out), as GPT-2's Conv1D does.</summary>
    /// <value>Default: false.</value>
    bool FanInFanOut => false;

    /// <summary>Name or folder of the checkpoint, which PEFT loads the base from; null if unknown.</summary>
    /// <value>Default: null.</value>
    string? BaseModelNameOrPath => null;
}
