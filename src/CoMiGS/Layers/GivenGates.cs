using CoMiGS.Routing;

namespace CoMiGS.Layers;

/// <summary>Lets constant gates stand in for the routers of some mixtures until it is disposed.</summary>
internal sealed class GivenGates : IDisposable
{
    private readonly IReadOnlyList<ExpertMixture> _mixtures;

    /// <param name="mixtures">All of one number of experts.</param>
    /// <param name="gates">The weight of each expert.</param>
    /// <exception cref="InvalidOperationException">Other gates are given already.</exception>
    public GivenGates(IReadOnlyList<ExpertMixture> mixtures, IReadOnlyList<double> gates)
    {
        if (mixtures.Any(m => m.Given is not null))
        {
            throw new InvalidOperationException("The gates of this model are given already. Dispose the first ones before giving others.");
        }

        _mixtures = mixtures;
        var router = new ConstantRouter(gates);
        foreach (var mixture in mixtures)
        {
            mixture.Given = router;
        }
    }

    public void Dispose()
    {
        foreach (var mixture in _mixtures)
        {
            mixture.Given = null;
        }
    }
}
