using System.Runtime.InteropServices;
using CoMiGS.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>
/// A causal transformer: ids in, the logits of the next token at every position out. It reads a whole window at once, as training does, or continues what a
/// <see cref="KeyValueCache"/> holds, as generation does; both give the same numbers.
/// </summary>
/// <remarks>Weights are only read, so several threads may call one model at once without gradients, each with a cache of its own.</remarks>
public abstract class LanguageModel : nn.Module<Tensor, Tensor>, ILanguageModel, ILinearHead, IActivationMemory, IHuggingFaceNames
{
    /// <summary>A model with a name for messages.</summary>
    protected LanguageModel(string name)
        : base(name)
    {
        Evaluation = new EvaluationMode(this);
    }

    /// <inheritdoc/>
    public abstract int VocabularySize { get; }

    /// <inheritdoc/>
    public abstract int BlockSize { get; }

    /// <inheritdoc/>
    public virtual string PathPrefix => "";

    /// <inheritdoc/>
    public virtual bool FanInFanOut => false;

    /// <summary>Name or folder of the checkpoint, which is written into saved adapters so that PEFT finds the base again.</summary>
    /// <value>Default: the folder that <see cref="Pretrained.Load"/> was given; null for a model with random weights.</value>
    public string? BaseModelNameOrPath { get; set; }

    /// <summary>Who generates with this model.</summary>
    internal EvaluationMode Evaluation { get; }

    /// <inheritdoc/>
    public abstract long Kept(int batch, int window);

    /// <inheritdoc/>
    public abstract long AttentionWorkspace(int batch, int window);

    /// <inheritdoc/>
    public abstract Tensor HeadWeight { get; }

    /// <inheritdoc/>
    public virtual Linear? HeadLayer => null;

    /// <summary>The logits of the next token at every position.</summary>
    /// <param name="input">(B, T), int64 ids below the vocabulary size; T at most the block size.</param>
    /// <returns>(B, T, V).</returns>
    /// <exception cref="ArgumentException">The input is no such tensor, has ids outside the vocabulary, or its window is longer than the block.</exception>
    public sealed override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Logits(HiddenStates(input)).MoveToOuterDisposeScope();
    }

    /// <summary>What <see cref="forward(Tensor)"/> gives to the output head. Hooks of the model itself do not run, those of its parts do.</summary>
    /// <param name="input">(B, T), as above.</param>
    /// <returns>(B, T, d), behind the final norm.</returns>
    /// <exception cref="ArgumentException">As above.</exception>
    public Tensor HiddenStates(Tensor input)
    {
        TokenIds.ThrowIfNoBatch(input);
        var window = input.shape[1];
        if (window > BlockSize)
        {
            throw new ArgumentException($"The input has {window} tokens a row, but this model reads at most {BlockSize}. Cut it into shorter windows.", nameof(input));
        }

        using var scope = NewDisposeScope();
        try
        {
            return Activations(input, AttentionPass.Fresh(window, input.device)).MoveToOuterDisposeScope();
        }
        catch (ExternalException cause) when (TokenIds.Outside(input, VocabularySize)) // looked at only now: a look costs a pass, on a GPU a wait
        {
            throw TokenIds.Error(input, VocabularySize, cause);
        }
    }

    /// <summary>The logits at every position of a continuation, without gradients. Hooks of the model itself do not run, those of its parts do.</summary>
    /// <param name="input">(B, T): the next ids of every row; behind the ids that are meant, anything below the vocabulary size.</param>
    /// <param name="cache">What the rows have read so far; afterwards it holds the new tokens too.</param>
    /// <param name="counts">How many ids of each row are meant, 0 to T; a row with 0 is left as it is. Default: null, all.</param>
    /// <returns>(B, T, V); behind the ids that are meant they mean nothing.</returns>
    /// <exception cref="ArgumentException">The cache is another model's or has another number of rows, a count is impossible, or a row has no room left; nothing is changed then.</exception>
    public Tensor forward(Tensor input, KeyValueCache cache, IReadOnlyList<int>? counts = null) => Continue(input, cache, counts, static (x, _) => x);

    /// <summary>Like the pass with a cache, but only the logits of the one token that follows each row.</summary>
    /// <param name="input">(B, T), as above.</param>
    /// <param name="cache">As above.</param>
    /// <param name="counts">As above.</param>
    /// <returns>(B, V); those of a row with the count 0 mean nothing.</returns>
    /// <exception cref="ArgumentException">As above.</exception>
    public Tensor Next(Tensor input, KeyValueCache cache, IReadOnlyList<int>? counts = null) => Continue(input, cache, counts, Last);

    /// <summary>What stands in the last column of each row that is not padding.</summary>
    internal static Tensor Last(Tensor x, IReadOnlyList<int> counts) // (B, T, d)
    {
        if (counts.All(c => c == x.shape[1]))
        {
            return x.select(1, -1); // (B, d)
        }

        var last = tensor(counts.Select(c => Math.Max(0, c - 1L)).ToArray(), [x.shape[0], 1, 1], ScalarType.Int64, x.device); // (B, 1, 1)
        return x.gather(1, last.expand(x.shape[0], 1, x.shape[2])).squeeze(1); // (B, d)
    }

    /// <summary>Runs the blocks and the final norm.</summary>
    /// <param name="input">(B, T) ids.</param>
    /// <param name="pass">Positions, mask and memory, for the attentions.</param>
    /// <returns>(B, T, d), in the caller's dispose scope.</returns>
    protected abstract Tensor Activations(Tensor input, AttentionPass pass);

    /// <summary>The output head.</summary>
    /// <param name="activations">(..., d).</param>
    /// <returns>(..., V), in the caller's dispose scope.</returns>
    protected abstract Tensor Logits(Tensor activations);

    private Tensor Continue(Tensor input, KeyValueCache cache, IReadOnlyList<int>? counts, Func<Tensor, IReadOnlyList<int>, Tensor> wanted)
    {
        ArgumentNullException.ThrowIfNull(cache);
        if (!ReferenceEquals(cache.Model, this))
        {
            throw new ArgumentException($"The cache was made for another {cache.Model.GetType().Name}. Make one for this model.", nameof(cache));
        }

        TokenIds.ThrowIfNoBatch(input);
        var (rows, columns) = (input.shape[0], (int)input.shape[1]);
        counts ??= [.. Enumerable.Repeat(columns, cache.Rows)];
        if (rows != cache.Rows || counts.Count != cache.Rows)
        {
            throw new ArgumentException($"The input has {rows} rows and {counts.Count} counts, but the cache has {cache.Rows} rows. Use as many of each.", nameof(input));
        }

        var window = cache.Window(counts, columns);
        using var noGraph = no_grad();
        using var scope = NewDisposeScope();
        var logits = Logits(wanted(Activations(input, AttentionPass.Continue(cache, window, input.device)), counts));
        cache.Advance(counts);
        return logits.MoveToOuterDisposeScope();
    }
}
