using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Planning;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS;

/// <summary>
/// How many specialists fit into the memory of a device: counted before anything is allocated, off what the layers keep.
/// <code>
///   bytes = base + 16 P + 4 (sum over layers of kept + max(loss, block, attention))
///   P     = n (m + 1) r (d + f) + n d a layer, and r (in + out) for each adapted attention projection; a linear layer with experts beside: n (r (in + out) + in): value, gradient, two moments of 4 bytes
///   kept  = backbone + attention adapters N (in + r) + mixture of experts
/// </code>
/// N = batch * window tokens. The loss needs c V + 2 N d, the logits of c tokens and the gradient of the hidden states, or where the model does not tell its head 4 N V: logits,
/// log-probabilities and their two gradients. The mixture's terms for k = n and k &lt; n are derived in docs/memory.md, where
/// they are also compared with measured memory. Numbers count four bytes each, also where a base computes in a shorter type: there the result is an upper bound. What the process needs
/// before there is a model (runtime, libtorch, data) comes on top; saving and evaluating need less than a step.
/// </summary>
public sealed class ExpertBudget
{
    private const int MostSpecialists = 1024; // what ExpertOptions allows
    private const int Copies = 4; // value, gradient, AdamW's two moments
    private const int LossCopies = 4; // logits, log-probabilities, the gradients of both

    private readonly string _model;
    private readonly ExpertOptions _options;
    private readonly (int Batch, int Window) _size;
    private readonly long _base;
    private readonly long _backbone;
    private readonly long _attentionWorkspace;
    private readonly long _loss;
    private readonly List<BlockMemory> _blocks;
    private readonly List<LinearMemory> _targets;
    private readonly List<Linear> _attention;

    private ExpertBudget(nn.Module<Tensor, Tensor> model, IActivationMemory memory, ExpertPlan plan, ExpertOptions options, int batch, int window)
    {
        _model = model.GetType().Name;
        _options = options;
        _size = (batch, window);
        _base = model.parameters().Sum(p => p.numel() * p.element_size());
        _backbone = memory.Kept(batch, window) + (Tokens * model.modules().OfType<IFeedForward>().Except(plan.FeedForwards).Sum(f => f.KeptByCombine * f.Output.Linear.in_features));
        _attentionWorkspace = memory.AttentionWorkspace(batch, window);
        _loss = model is ILinearHead head
            ? (Math.Min(Tokens, HeadLossPass.Tokens(head.HeadWeight.shape[0], head.HeadWeight.element_size())) * head.HeadWeight.shape[0]) + (2 * Tokens * head.HeadWeight.shape[1])
            : LossCopies * Tokens * ((model as ILanguageModel)?.VocabularySize ?? 0);
        _blocks = [.. plan.FeedForwards.Select(b => BlockMemory.Of(b, options.UseKernel))];
        _targets = [.. plan.Targets.Select(t => LinearMemory.Of(t.Layer))];
        _attention = [.. plan.Attention.Select(a => a.Layer)];
    }

    private long Tokens => (long)_size.Batch * _size.Window;

    /// <summary>Looks at a bare base model; nothing of it is changed.</summary>
    /// <param name="model">The model before <c>AddExperts</c>. It implements <see cref="IActivationMemory"/>, as <c>Gpt</c> does.</param>
    /// <param name="options">The experts; their number of specialists does not matter here.</param>
    /// <param name="batch">B, windows per forward pass.</param>
    /// <param name="window">T, tokens per window.</param>
    /// <exception cref="ArgumentException">The model has experts already, does not tell its memory, or is given a window it cannot read.</exception>
    /// <exception cref="InvalidOperationException">There is nothing that experts could be put over or beside.</exception>
    public static ExpertBudget For(nn.Module<Tensor, Tensor> model, ExpertOptions options, int batch, int window)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(window);
        var name = model.GetType().Name;
        if (model.modules().Any(m => m is IAdapted))
        {
            throw new ArgumentException($"{name} has experts or adapters already. Ask for the budget of the bare base model.", nameof(model));
        }

        if (options.Router == RouterKind.Embedding)
        {
            throw new ArgumentException("Router is Embedding: the coordinator says how many experts there are, and none is a specialist. Ask for the budget of another router.", nameof(options));
        }

        if (model is not IActivationMemory memory)
        {
            throw new ArgumentException($"{name} does not tell how much memory its layers need. Let it implement IActivationMemory.", nameof(model));
        }

        return model is ILanguageModel language && window > language.BlockSize
            ? throw new ArgumentException($"The window is {window}, but {name} reads at most {language.BlockSize} tokens. Use a window of 1 to {language.BlockSize}.", nameof(window))
            : new ExpertBudget(model, memory, ExpertPlan.For(model, options.Places, options.AttentionRank > 0, options.RouteAttention), options.WithSpecialists(options.Specialists), batch, window);
    }

    /// <summary>Peak of a training step with so many specialists, in bytes.</summary>
    /// <param name="specialists">Specialists per block.</param>
    /// <exception cref="ArgumentException">The options allow no such number.</exception>
    public long Bytes(int specialists) => Memory(specialists).Total;

    /// <summary>Peak of a training step with so many specialists, part by part.</summary>
    /// <param name="specialists">Specialists per block.</param>
    /// <exception cref="ArgumentException">The options allow no such number.</exception>
    public ExpertMemory Memory(int specialists)
    {
        var layout = _options.WithSpecialists(specialists).ToLayout();
        var attention = layout.Attention is { } lora ? _attention.Select(a => (a.in_features, a.out_features, lora.Rank, lora.Dropout)).ToList() : [];
        var trained = _blocks.Sum(b => b.Trained(layout)) + _targets.Sum(t => t.Trained(layout)) + attention.Sum(a => a.Rank * (a.in_features + a.out_features));
        var kept = _backbone + _blocks.Sum(b => b.Kept(layout, Tokens)) + _targets.Sum(t => t.Kept(layout, Tokens)) + (Tokens * attention.Sum(a => a.in_features + a.Rank + (a.Dropout > 0 ? 2 * a.in_features : 0)));

        // The last attention runs when the last block has kept nothing yet, or nothing any more.
        var last = _blocks.LastOrDefault();
        var workspace = _targets.Select(t => t.Workspace(layout, Tokens)).Concat(
        [
            _loss,
            last is null ? 0 : last.Workspace(layout, Tokens) + (2 * Tokens * last.Width), // the embeddings' and the attention's results are still held
            _attentionWorkspace - (last?.Kept(layout, Tokens) ?? 0),
        ]).Max();
        return new(_base, Copies * sizeof(float) * trained, sizeof(float) * kept, sizeof(float) * workspace);
    }

    /// <summary>The most specialists with which a training step stays within a budget.</summary>
    /// <param name="budgetBytes">What there is for the model and its training, in bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not even the fewest that the options allow fit; the message says what they need.</exception>
    public int LargestSpecialists(long budgetBytes)
    {
        var fewest = Math.Max(0, Math.Max(1, _options.Router == RouterKind.TopK ? _options.TopK ?? 1 : 1) - _options.Generalists);
        var least = Memory(fewest);
        if (least.Total > budgetBytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(budgetBytes),
                budgetBytes,
                $"The budget is {budgetBytes} bytes, but {_model} with {_options.Generalists} generalists and {fewest} specialists, a batch of {_size.Batch} and a window of {_size.Window} needs {least.Total} bytes ({least}). "
                + "Raise the budget, or lower the batch, the window or the rank.");
        }

        var largest = fewest;
        while (largest < MostSpecialists && Bytes(largest + 1) <= budgetBytes)
        {
            largest++;
        }

        return largest;
    }
}
