using CoMiGS.Parameters;
using CoMiGS.Validation;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>
/// GPT-2: token and position embeddings, pre-norm transformer blocks, a final layer norm, and an output head tied to the token embedding
/// (Radford et al. 2019). Module names are those of the Hugging Face checkpoint.
/// </summary>
public sealed class Gpt : LanguageModel
{
    // B batch, T window, d width, V vocabulary
    [ComponentName(Name = "wte")]
    private readonly Embedding _tokens; // (V, d)

    [ComponentName(Name = "wpe")]
    private readonly Embedding _positions; // (block, d)

    [ComponentName(Name = "h")]
    private readonly ModuleList<GptBlock> _blocks;

    [ComponentName(Name = "ln_f")]
    private readonly LayerNorm _norm;

    /// <summary>A model with random weights: N(0, 0.02), the residual projections N(0, 0.02 / sqrt(2 L)), biases zero.</summary>
    /// <param name="options">Size.</param>
    /// <exception cref="ArgumentException">The options break a rule; the message lists all of them.</exception>
    public Gpt(GptOptions options)
        : this(options, BlankLayers.Default)
    {
        var residual = 0.02 / Math.Sqrt(2 * options.Layers);
        InitialWeights.Fill(this, options.Seed, name => name.EndsWith("c_proj.weight", StringComparison.Ordinal) ? residual : 0.02);
    }

    internal Gpt(GptOptions options, BlankLayers layers)
        : base(nameof(Gpt))
    {
        OptionsCheck.ThrowIfInvalid(options, nameof(options));
        Options = options;
        _tokens = layers.Embedding(options.VocabularySize, options.Width);
        _positions = layers.Embedding(options.BlockSize, options.Width);
        _blocks = new ModuleList<GptBlock>([.. Enumerable.Range(0, options.Layers).Select(layer => new GptBlock(options, layers, layer))]);
        _norm = layers.LayerNorm(options.Width, options.LayerNormEpsilon);
        RegisterComponents();
    }

    /// <summary>Loads a checkpoint of the GPT-2 family in Hugging Face's layout; see <see cref="Pretrained.Load"/>.</summary>
    /// <param name="folder">The checkpoint.</param>
    /// <param name="options">Type and device. Default: as stored, on the CPU.</param>
    /// <param name="progress">Hears of every tensor.</param>
    /// <param name="cancellationToken">Looked at before every tensor.</param>
    /// <exception cref="PretrainedException">It cannot be loaded, or is of another family; all reasons are listed.</exception>
    public static Gpt FromPretrained(string folder, PretrainedOptions? options = null, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Pretrained.Load<Gpt>(folder, options, progress, cancellationToken);

    /// <summary>Size.</summary>
    public GptOptions Options { get; }

    /// <inheritdoc/>
    public override int VocabularySize => Options.VocabularySize;

    /// <inheritdoc/>
    public override int BlockSize => Options.BlockSize;

    /// <inheritdoc/>
    public override Tensor HeadWeight => _tokens.weight!;

    /// <inheritdoc/>
    public override string PathPrefix => "transformer.";

    /// <inheritdoc/>
    public override bool FanInFanOut => true;

    /// <inheritdoc/>
    /// <remarks>Per layer: the inputs of both norms, queries, keys and values, the attention's weights (again with their noise under dropout). Once: the mask of one byte an element, the input of the last norm.</remarks>
    public override long Kept(int batch, int window) =>
        (Options.Layers * ((batch * window * (5L * Options.Width)) + ((Options.Dropout > 0 ? 3 : 1) * Scores(batch, window))))
        + (window * (long)window / sizeof(float)) + (batch * (long)window * Options.Width);

    /// <inheritdoc/>
    /// <remarks>The raw and the masked scores; the projection's frozen, low-rank and summed results, the scaled queries, the mixed values and both parts of the output.</remarks>
    public override long AttentionWorkspace(int batch, int window) => (2 * Scores(batch, window)) + (batch * window * (13L * Options.Width));

    /// <inheritdoc/>
    protected override Tensor Activations(Tensor input, AttentionPass pass)
    {
        var x = _tokens.call(input).Plus(_positions.call(pass.Positions)); // (B, T, d)
        foreach (var block in _blocks)
        {
            x = block.call(x, pass);
        }

        return _norm.call(x);
    }

    /// <inheritdoc/>
    protected override Tensor Logits(Tensor activations) => nn.functional.linear(activations, HeadWeight);

    private long Scores(int batch, int window) => batch * (long)Options.Heads * window * window;
}
