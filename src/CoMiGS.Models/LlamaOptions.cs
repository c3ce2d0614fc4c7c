using CoMiGS.Validation;

namespace CoMiGS.Models;

/// <summary>Size and variant of a Llama style transformer: Llama, SmolLM, TinyLlama, Qwen2.</summary>
public sealed class LlamaOptions : ICheckedOptions
{
    /// <summary>V, how many token ids there are.</summary>
    /// <value>Default: 32000.</value>
    [Allowed(1)]
    public int VocabularySize { get; set; } = 32000;

    /// <summary>The longest window of tokens.</summary>
    /// <value>Default: 2048.</value>
    [Allowed(1)]
    public int BlockSize { get; set; } = 2048;

    /// <summary>Number of transformer blocks.</summary>
    /// <value>Default: 22.</value>
    [Allowed(1)]
    public int Layers { get; set; } = 22;

    /// <summary>H, attention heads per block.</summary>
    /// <value>Default: 32.</value>
    [Allowed(1)]
    public int Heads { get; set; } = 32;

    /// <summary>Heads of keys and values, each shared by equally many of the <see cref="Heads"/> (grouped-query attention, arXiv 2305.13245).</summary>
    /// <value>Default: null, as many as <see cref="Heads"/>.</value>
    [Allowed(1)]
    public int? KeyValueHeads { get; set; }

    /// <summary>e, the width of a head; even.</summary>
    /// <value>Default: null, <see cref="Width"/> / <see cref="Heads"/>.</value>
    [Allowed(2)]
    public int? HeadWidth { get; set; }

    /// <summary>d, the model width.</summary>
    /// <value>Default: 2048.</value>
    [Allowed(1)]
    public int Width { get; set; } = 2048;

    /// <summary>f, the width between the projections of the feed-forward.</summary>
    /// <value>Default: 5632.</value>
    [Allowed(1)]
    public int HiddenWidth { get; set; } = 5632;

    /// <summary>Activation of the gate.</summary>
    /// <value>Default: SiLU, which makes the feed-forward SwiGLU (arXiv 2002.05202).</value>
    public Activation Activation { get; set; } = Activation.Silu;

    /// <summary>Epsilon of the norms.</summary>
    /// <value>Default: 1e-5.</value>
    [Allowed(0, ExclusiveMinimum = true)]
    public double NormEpsilon { get; set; } = 1e-5;

    /// <summary>Base of the frequencies of rotary position embeddings.</summary>
    /// <value>Default: 10000.</value>
    [Allowed(0, ExclusiveMinimum = true)]
    public double RopeTheta { get; set; } = 10000;

    /// <summary>How those frequencies are stretched.</summary>
    /// <value>Default: null, not at all.</value>
    public RopeScaling? RopeScaling { get; set; }

    /// <summary>Whether the projections to queries, keys and values have a bias.</summary>
    /// <value>Default: false; Qwen2: true.</value>
    public bool QueryKeyValueBias { get; set; }

    /// <summary>Whether the attention's output projection has a bias.</summary>
    /// <value>Default: false.</value>
    public bool AttentionOutputBias { get; set; }

    /// <summary>Whether the projections of the feed-forward have a bias.</summary>
    /// <value>Default: false.</value>
    public bool FeedForwardBias { get; set; }

    /// <summary>Whether the output head uses the token embeddings.</summary>
    /// <value>Default: false.</value>
    public bool TiedHead { get; set; }

    /// <summary>Seed of the initial weights.</summary>
    /// <value>Default: 42.</value>
    public long Seed { get; set; } = 42;

    internal int KeyValueCount => KeyValueHeads ?? Heads;

    internal int HeadSize => HeadWidth ?? (Width / Heads);

    /// <inheritdoc/>
    public IEnumerable<string> CrossFieldViolations()
    {
        if (Heads > 0 && HeadWidth is null && Width % Heads != 0)
        {
            yield return $"Width is {Width}, which {Heads} heads cannot share. Use a multiple of Heads, or set HeadWidth.";
        }
        else if (Heads > 0 && HeadSize % 2 != 0)
        {
            yield return $"A head is {HeadSize} wide, but rotary positions turn pairs. Use an even HeadWidth.";
        }

        if (Heads > 0 && KeyValueHeads > 0 && Heads % KeyValueHeads != 0)
        {
            yield return $"KeyValueHeads is {KeyValueHeads}, which {Heads} heads cannot share equally. Use a divisor of Heads.";
        }

        if (!Enum.IsDefined(Activation))
        {
            yield return $"Activation is {Activation}. Use {string.Join(", ", Enum.GetNames<Activation>())}.";
        }

        foreach (var violation in RopeScaling?.Violations() ?? [])
        {
            yield return violation;
        }
    }
}
