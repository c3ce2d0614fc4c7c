using CoMiGS.Federation;
using CoMiGS.Transport;

namespace CoMiGS.Observability.Tests;

/// <summary>Training without a model: three shared numbers, and figures as a test wants them.</summary>
internal sealed class ScriptedTraining(long samples, Func<int, IReadOnlyDictionary<string, double>> figures) : ILocalTraining
{
    private int _rounds;
    private float[] _values = [0, 0, 0];

    /// <summary>Told before each round is trained; waits, or breaks what is trained.</summary>
    public Action<int, float[]>? InRound { get; init; }

    public string BaseFingerprint => "base";

    public long Samples => samples;

    public IReadOnlyList<TensorSpec> SharedParameters { get; } = [new("h.0.lora_A", TensorType.Float32, [3])];

    public void InitialiseShared(long seed) => _values = [seed, seed, seed];

    public void Import(TensorSet parameters) => _values = parameters.Single().AsFloats().ToArray();

    public TensorSet Export() => new([NamedTensor.FromFloats("h.0.lora_A", [3], _values)]);

    public IReadOnlyDictionary<string, double> Train(int steps, int horizon, CancellationToken cancellationToken)
    {
        _rounds++;
        InRound?.Invoke(_rounds, _values);
        return figures(_rounds);
    }
}
