using CoMiGS.Kernels;
using CoMiGS.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>Computes a <see cref="HeadLoss"/> and its gradients, some tokens at a time.</summary>
internal sealed class HeadLossPass(Tensor hidden, Tensor head, Tensor targets, double factor)
{
    private const long ChunkBytes = 24 << 20; // logits that stay in a last cache
    private const long LeastTokens = 256; // with fewer, reading the head each time costs more than the cache saves

    private static readonly Scalar Ignored = CrossEntropyRows.Ignored.ToScalar();
    private static readonly Scalar Zero = 0L.ToScalar();

    private readonly long _vocabulary = head.shape[0];
    private readonly ScalarType _precision = hidden.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
    private readonly bool _kernel = hidden.device_type == DeviceType.CPU && hidden.dtype is ScalarType.Float32 or ScalarType.BFloat16;

    /// <summary>Tokens whose logits are in memory at the same time.</summary>
    public static long Tokens(long vocabulary, long elementSize) => Math.Max(LeastTokens, ChunkBytes / (vocabulary * elementSize));

    /// <summary>The loss and what is asked for of its gradients.</summary>
    public (Tensor Loss, Tensor? ByHidden, Tensor? ByHead) Run(bool byHidden, bool byHead)
    {
        using var scope = NewDisposeScope();
        using var noGraph = no_grad();
        var tokens = hidden.shape[0];
        var most = Math.Min(tokens, Tokens(_vocabulary, hidden.element_size()));
        var loss = zeros([], ScalarType.Float64, hidden.device);
        var hiddenGradient = byHidden ? empty_like(hidden) : null;
        var headGradient = byHead ? zeros(head.shape, _precision, head.device) : null; // (V, d)
        var room = empty([most, _vocabulary], hidden.dtype, hidden.device);
        for (var begin = 0L; begin < tokens; begin += most)
        {
            using var inner = NewDisposeScope();
            var count = Math.Min(most, tokens - begin);
            var states = hidden.narrow(0, begin, count); // (c, d)
            var logits = room.narrow(0, 0, count).addmm_(states, head.t(), beta: 0); // (c, V)
            loss.Add(Losses(logits, targets.narrow(0, begin, count), byHidden || byHead));
            hiddenGradient?.narrow(0, begin, count).addmm_(logits, head, beta: 0);
            headGradient?.Add(logits.t().matmul(states));
        }

        return (loss.Times(factor).to(_precision).MoveToOuterDisposeScope(), hiddenGradient?.MoveToOuterDisposeScope(), headGradient?.Cast(head.dtype).MoveToOuterDisposeScope());
    }

    /// <summary>The sum of the losses; where gradients are wanted, the logits become them.</summary>
    private Tensor Losses(Tensor logits, Tensor wanted, bool gradient) => _kernel ? Fused(logits, wanted, gradient) : Composed(logits, wanted, gradient);

    private unsafe Tensor Fused(Tensor logits, Tensor wanted, bool gradient)
    {
        var losses = empty(wanted.shape[0], ScalarType.Float64); // (c)
        var type = logits.dtype == ScalarType.BFloat16 ? RowType.BFloat16 : RowType.Float32;
        CrossEntropyRows.Run(
            type,
            Addresses.Of(logits),
            (long*)Addresses.Of(wanted),
            (int)wanted.shape[0],
            (int)_vocabulary,
            gradient ? (float)factor : null,
            (double*)Addresses.Of(losses),
            get_num_threads());
        return losses.sum();
    }

    private Tensor Composed(Tensor logits, Tensor wanted, bool gradient)
    {
        var counted = wanted.ne(Ignored).to(_precision).unsqueeze(1); // (c, 1)
        var ids = wanted.clamp_min(Zero).unsqueeze(1); // (c, 1)
        var logarithms = logits.to(_precision).log_softmax(1); // (c, V)
        var loss = -(logarithms.gather(1, ids) * counted).sum();
        if (gradient)
        {
            logits.copy_(logarithms.exp_().scatter_add_(1, ids, -counted).mul_(counted.Times(factor)));
        }

        return loss;
    }
}
