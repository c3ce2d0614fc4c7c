using System.Globalization;
using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.Routing;

/// <summary>
/// The load-balancing loss of CoMiGS, on the router's own input:
/// <code>
///   LB = n^2 * mean_j( proxy_j * density_j * f_j )
///   density_j = share of tokens that select j, divided by k     (no gradient)
///   proxy_j   = mean over tokens of the softmax weight of j     (gradient)
///   f_j       = G / (rho n) for generalists, (n - G) / ((1 - rho) n) for specialists
/// </code>
/// rho is the share of tokens the generalists should get; with rho = 0 all f_j are 1 (the released code's loss, with D3 and D4 of docs/fidelity.md repaired).
/// </summary>
public sealed class ImportanceBalanceLoss : IBalanceLoss
{
    private readonly int _generalists;
    private readonly double _share;
    private readonly UnselectedLogits _unselected;

    /// <summary>A loss for blocks whose first <paramref name="generalists"/> experts are generalists.</summary>
    /// <param name="generalists">G.</param>
    /// <param name="generalistShare">rho, in [0, 1); 0 turns the factors off. Default 0.5, as in every script of the paper.</param>
    /// <param name="unselected">What stands for unselected logits.</param>
    public ImportanceBalanceLoss(int generalists, double generalistShare = 0.5, UnselectedLogits unselected = UnselectedLogits.Masked)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(generalists);
        if (!(generalistShare is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(generalistShare), generalistShare, $"GeneralistShare is {generalistShare}. Use a share from 0 (off) up to, not including, 1.");
        }

        _generalists = generalists;
        _share = generalistShare;
        _unselected = unselected;
    }

    /// <inheritdoc/>
    public bool IsConstant(int experts, int topK) =>
        topK == experts && (experts == 1 || Factors(experts).Distinct().Count() == 1);

    /// <inheritdoc/>
    public Tensor Compute(RoutingDecision decision)
    {
        var logits = decision.Logits ?? throw new ArgumentException("A router without logits has no load to balance. Set the balance loss to 0.", nameof(decision));
        var n = decision.Experts;
        using var scope = NewDisposeScope();
        var proxy = Proxy(decision, logits).mean([0L]); // (n)
        var factors = tensor(Factors(n), logits.dtype, logits.device); // (n)
        var density = decision.Selected is null
            ? TensorArithmetic.Filled([n], 1.0 / n, logits.dtype, logits.device)
            : decision.Selected.to(logits.dtype).mean([0L]).Over(decision.TopK); // (n)
        return (proxy * density.detach() * factors).mean().Times((double)n * n).MoveToOuterDisposeScope();
    }

    /// <summary>The loss with its settings.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{nameof(ImportanceBalanceLoss)}({_generalists} generalists, share {_share}, unselected logits {_unselected})");

    private Tensor Proxy(RoutingDecision decision, Tensor logits) =>
        _unselected == UnselectedLogits.Masked || decision.TopK == 1 || decision.Selected is null
            ? decision.Gates
            : logits.Without(decision.Selected.logical_not()).softmax(-1); // (N, n)

    private double[] Factors(int n)
    {
        var factors = new double[n];
        for (var j = 0; j < n; j++)
        {
            factors[j] = _share == 0 || _generalists == 0 || _generalists >= n
                ? 1
                : j < _generalists
                    ? _generalists / (_share * n)
                    : (n - _generalists) / ((1 - _share) * n);
        }

        return factors;
    }
}
