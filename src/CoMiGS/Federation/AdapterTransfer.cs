using CoMiGS.Parameters;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>Says on the wire which parameters of a model are factors of one low-rank update.</summary>
internal static class AdapterTransfer
{
    /// <summary>The pairs of a model of which at least one factor is shared, in the model's order.</summary>
    public static IReadOnlyList<AdapterPair> Pairs(IEnumerable<NamedParameter> all, IReadOnlySet<string> shared) =>
    [
        .. from parameter in all
           where parameter.Pair is not null
           group parameter by parameter.Pair into pair
           let a = pair.SingleOrDefault(p => p.Factor == LoraFactor.A)
           let b = pair.SingleOrDefault(p => p.Factor == LoraFactor.B)
           where a is not null && b is not null && (shared.Contains(a.Name) || shared.Contains(b.Name))
           select new AdapterPair(a.Name, b.Name, pair.Key.Scale),
    ];
}
