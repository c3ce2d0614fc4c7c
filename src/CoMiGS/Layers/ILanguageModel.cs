namespace CoMiGS.Layers;

/// <summary>What a language model tells about itself, so that unfit input is refused with a clear message before any computation.</summary>
public interface ILanguageModel
{
    /// <summary>Token ids run from 0 up to, not including, this.</summary>
    int VocabularySize { get; }

    /// <summary>The longest window of tokens it can read.</summary>
    int BlockSize { get; }
}
