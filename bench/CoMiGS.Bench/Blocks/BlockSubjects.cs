using CoMiGS.Bench.Harness;
using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Routing;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Bench.Blocks;

/// <summary>Forward and backward passes over one frozen feed-forward: bare, with one adapter, and with mixtures. All use the same frozen weights and the same input.</summary>
internal sealed class BlockSubjects
{
    /// <summary>No adapter.</summary>
    public const string Frozen = "frozen";

    /// <summary>One adapter for each linear map, no router: this library's, in one fused pass.</summary>
    public const string PlainLora = "plain LoRA";

    /// <summary>The same, composed of torch's operators.</summary>
    public const string PlainLoraComposed = "plain LoRA, composed";

    private const int Rank = 8;
    private const double Spread = 0.02;

    private readonly IFeedForward _frozen;
    private readonly List<IFeedForward> _copies; // for experts that hold the frozen weights themselves
    private readonly Tensor _input; // (N, d)
    private readonly Tensor _gradient; // (N, d)

    /// <param name="of">The feed-forward and its input.</param>
    public BlockSubjects(BlockCase of)
    {
        manual_seed(1);
        _frozen = of.Create();
        _copies = [.. Enumerable.Range(0, BlockCase.Mixtures.Max(m => m.Experts)).Select(_ => of.Shape == BlockCase.Gpt2 ? of.Create() : _frozen)];
        _input = randn(of.Tokens, of.Width).to(of.Base);
        _gradient = randn(of.Tokens, of.Width).to(of.Base);
        var bare = (nn.Module<Tensor, Tensor>)_frozen;
        All =
        [
            new(Frozen, () => Pass(bare.call)),
            new(PlainLora, Mixture(1, 1, kernel: true)),
            new(PlainLoraComposed, Mixture(1, 1, kernel: false)),
            .. BlockCase.Mixtures.Where(m => m.Experts > 1).Select(m => new Subject(NameOf(m.Experts, m.TopK), Mixture(m.Experts, m.TopK, kernel: true))),
            .. BlockCase.Mixtures.Where(m => m.Experts > 1).Select(m => new Subject(DispatchOf(m.Experts, m.TopK), Dispatch(m.Experts, m.TopK))), // last: their copies of the weights fill the caches
        ];
    }

    /// <summary>What is timed.</summary>
    public IReadOnlyList<Subject> All { get; }

    /// <summary>Name of this library's mixture.</summary>
    public static string NameOf(int experts, int topK) => $"n={experts} k={topK}";

    /// <summary>Name of the mixture computed expert by expert.</summary>
    public static string DispatchOf(int experts, int topK) => $"{NameOf(experts, topK)}, per-expert dispatch";

    private Action Mixture(int experts, int topK, bool kernel)
    {
        var block = new MoeFeedForward(_frozen, Experts(experts), Router(experts, topK)) { UsesKernel = kernel };
        return () => Pass(block.call);
    }

    private Action Dispatch(int experts, int topK)
    {
        var mixture = new PerExpertDispatch(_copies, Experts(experts), Router(experts, topK));
        return () => Pass(mixture.Forward);
    }

    private List<Expert> Experts(int count)
    {
        List<Expert> experts =
        [
            .. Enumerable.Range(0, count).Select(j => new Expert(
                j == 0 ? ExpertRole.Generalist : ExpertRole.Specialist, [.. _frozen.Inputs.Select(Shape)], Shape(_frozen.Output), new LoraConfig(Rank), new Seed(j))),
        ];
        foreach (var (_, adapter) in experts.SelectMany(expert => expert.Adapters))
        {
            nn.init.normal_(adapter.B, 0, Spread);
        }

        return experts;
    }

    private IRouter Router(int experts, int topK) => experts == 1 ? new UniformRouter(1) : new TopKRouter(_input.shape[1], experts, topK, new Seed(1));

    private void Pass(Func<Tensor, Tensor> block)
    {
        using var scope = NewDisposeScope();
        var x = _input.detach().requires_grad_(); // its gradient is asked for, as that of a block in the middle of a model is
        (block(x) * _gradient).sum().backward();
    }

    private static ProjectionShape Shape(FeedForwardPart part) => new(part.Name, part.Linear.in_features, part.Linear.out_features);
}
