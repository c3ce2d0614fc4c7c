using CoMiGS.Federation;
using CoMiGS.Transport;

namespace CoMiGS.Tests.Federation;

/// <summary>Training without a model: every step adds a constant of the device to three shared numbers.</summary>
internal sealed class FakeTraining(float step, long samples = 10, IReadOnlyList<TensorSpec>? shared = null) : ILocalTraining
{
    public float[] Values { get; private set; } = [0, 0, 0];

    public List<string> Calls { get; } = [];

    public Action<CancellationToken>? WhileTraining { get; init; }

    public string BaseFingerprint { get; init; } = "base";

    public long Samples => samples;

    public IReadOnlyList<TensorSpec> SharedParameters => shared ?? Sent.Shared;

    public void InitialiseShared(long seed)
    {
        Calls.Add($"initialise {seed}");
        Values = [seed, seed, seed];
    }

    public void Import(TensorSet parameters)
    {
        Calls.Add("import");
        Values = Sent.Floats(parameters);
    }

    public TensorSet Export() => SharedParameters.Count == 0 ? TensorSet.Empty : Sent.Tensors(Values[0], Values[1], Values[2]);

    public IReadOnlyDictionary<string, double> Train(int steps, int horizon, CancellationToken cancellationToken)
    {
        Calls.Add($"train {steps}");
        WhileTraining?.Invoke(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        Values = [.. Values.Select(value => value + (step * steps))];
        return new Dictionary<string, double> { ["loss"] = step };
    }
}
