using CoMiGS.Federation;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Transport;

namespace CoMiGS.Reference.Tests;

/// <summary>A client whose local steps end exactly where a case says they ended.</summary>
/// <param name="moe">Its model.</param>
/// <param name="samples">Its sample count.</param>
/// <param name="roles">What it shares.</param>
/// <param name="trained">The trained parameters by official names after its round, counted from 0.</param>
/// <param name="scale">The scale to name for the adapters of the feed-forward, by rank; none are named if null, as the released code averages them like any tensor.</param>
internal sealed class RecordedClient(MoeModel moe, long samples, SharedRoles roles, Func<int, IReadOnlyDictionary<string, Tensor>> trained, Func<long, double>? scale = null) : ILocalTraining
{
    private int _round;

    public string BaseFingerprint => "the same base on every client";

    public long Samples => samples;

    public IReadOnlyList<TensorSpec> SharedParameters => [.. Shared.Select(p => new TensorSpec(p.Name, TensorType.Float32, [.. p.Value.shape]))];

    /// <summary>The released code treats only adapters of the feed-forward as pairs.</summary>
    public IReadOnlyList<AdapterPair> Adapters => scale is null ? [] :
    [
        .. from parameter in Shared
           where parameter.Role != ParameterRole.Attention && parameter.Pair is not null
           group parameter by parameter.Pair into pair
           let a = pair.Single(p => p.Factor == LoraFactor.A)
           select new AdapterPair(a.Name, pair.Single(p => p.Factor == LoraFactor.B).Name, scale(a.Value.shape[0])),
    ];

    private IReadOnlyList<NamedParameter> Shared => moe.SharedParameters(roles);

    public void InitialiseShared(long seed)
    {
    }

    public void Import(TensorSet parameters)
    {
        using var noGrad = no_grad();
        foreach (var (parameter, tensor) in Shared.Zip(parameters))
        {
            parameter.Value.copy_(torch.tensor(tensor.AsFloats().ToArray(), parameter.Value.shape));
        }
    }

    public TensorSet Export() =>
        new(Shared.Select(p => NamedTensor.FromFloats(p.Name, p.Value.shape, p.Value.detach().to(ScalarType.Float32).data<float>().ToArray())));

    public IReadOnlyDictionary<string, double> Train(int steps, int horizon, CancellationToken cancellationToken)
    {
        OfficialModel.Load(moe, trained(_round++));
        return new Dictionary<string, double>();
    }
}
