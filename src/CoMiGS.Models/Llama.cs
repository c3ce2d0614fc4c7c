using CoMiGS.Validation;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>
/// The Llama family (arXiv 2302.13971; Llama 3, SmolLM, TinyLlama, Qwen2): RMS norms, rotary positions, grouped-query attention, gated feed-forwards. Module names are
/// those of the Hugging Face checkpoint.
/// </summary>
public sealed class Llama : LanguageModel
{
    // B batch, T window, d width, V vocabulary
    [ComponentName(Name = "model")]
    private readonly LlamaStack _stack;

    [ComponentName(Name = "lm_head")]
    private readonly Linear? _head; // d -> V; null where the token embeddings serve

    /// <summary>A model with random weights: N(0, 0.02), biases zero.</summary>
    /// <param name="options">Size and variant.</param>
    /// <exception cref="ArgumentException">The options break a rule; the message lists all of them.</exception>
    public Llama(LlamaOptions options)
        : this(options, BlankLayers.Default) => InitialWeights.Fill(this, options.Seed);

    internal Llama(LlamaOptions options, BlankLayers layers)
        : base(nameof(Llama))
    {
        OptionsCheck.ThrowIfInvalid(options, nameof(options));
        Options = options;
        _stack = new LlamaStack(options, layers);
        _head = options.TiedHead ? null : layers.Linear(options.Width, options.VocabularySize, bias: false);
        RegisterComponents();
    }

    /// <summary>Loads a checkpoint of the Llama or Qwen2 family in Hugging Face's layout; see <see cref="Pretrained.Load"/>.</summary>
    /// <param name="folder">The checkpoint.</param>
    /// <param name="options">Type and device. Default: as stored, on the CPU.</param>
    /// <param name="progress">Hears of every tensor.</param>
    /// <param name="cancellationToken">Looked at before every tensor.</param>
    /// <exception cref="PretrainedException">It cannot be loaded, or is of another family; all reasons are listed.</exception>
    public static Llama FromPretrained(string folder, PretrainedOptions? options = null, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Pretrained.Load<Llama>(folder, options, progress, cancellationToken);

    /// <summary>Size and variant.</summary>
    public LlamaOptions Options { get; }

    /// <inheritdoc/>
    public override int VocabularySize => Options.VocabularySize;

    /// <inheritdoc/>
    public override int BlockSize => Options.BlockSize;

    /// <inheritdoc/>
    public override Tensor HeadWeight => _head?.weight ?? _stack.TokenEmbeddings;

    /// <inheritdoc/>
    public override Linear? HeadLayer => _head;

    /// <inheritdoc/>
    /// <remarks>Per layer: the inputs of both norms and the scales these apply, queries, keys and values, the attention's weights; the mask, of one byte an element, and the rotation are shared.</remarks>
    public override long Kept(int batch, int window) =>
        (Options.Layers * ((batch * window * ((2L * Options.Width) + 2 + Projected)) + Scores(batch, window)))
        + (batch * (long)window * (Options.Width + 1)) + (window * (long)window / sizeof(float)) + (window * (long)Options.HeadSize);

    /// <inheritdoc/>
    /// <remarks>The raw and the masked scores; frozen, low-rank and summed results of the projections; the turned queries before they are scaled; the mixed values, twice.</remarks>
    public override long AttentionWorkspace(int batch, int window) =>
        (2 * Scores(batch, window)) + (batch * (long)window * ((3 * Projected) + (3L * Options.Heads * Options.HeadSize) + (3L * Options.Width)));

    /// <summary>Numbers a token in queries, keys and values.</summary>
    private long Projected => (Options.Heads + (2L * Options.KeyValueCount)) * Options.HeadSize;

    private long Scores(int batch, int window) => batch * (long)Options.Heads * window * window;

    /// <inheritdoc/>
    protected override Tensor Activations(Tensor input, AttentionPass pass) => _stack.call(input, pass); // (B, T, d)

    /// <inheritdoc/>
    protected override Tensor Logits(Tensor activations) => _head is null ? nn.functional.linear(activations, HeadWeight) : _head.call(activations); // (..., V)
}
