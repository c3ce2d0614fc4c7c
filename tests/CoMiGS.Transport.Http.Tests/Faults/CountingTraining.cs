using CoMiGS.Federation;

namespace CoMiGS.Transport.Http.Tests.Faults;

/// <summary>Training without a model: what it sends follows from what it was given and from its device, and from nothing else.</summary>
/// <param name="name">The device.</param>
/// <param name="numbers">How many numbers it shares.</param>
/// <param name="whileTraining">Called once for every training.</param>
internal sealed class CountingTraining(string name, int numbers, Action? whileTraining = null) : ILocalTraining
{
    public float[] Values { get; private set; } = new float[numbers];

    public string BaseFingerprint => "base";

    public long Samples => name.Length;

    public IReadOnlyList<TensorSpec> SharedParameters { get; } = [new("generalist", TensorType.Float32, [numbers])];

    public void InitialiseShared(long seed) => Values = [.. Enumerable.Repeat((float)seed, numbers)];

    public void Import(TensorSet parameters) => Values = parameters[0].AsFloats().ToArray();

    public TensorSet Export() => new([NamedTensor.FromFloats("generalist", [numbers], Values)]);

    public IReadOnlyDictionary<string, double> Train(int steps, int horizon, CancellationToken cancellationToken)
    {
        Values = [.. Values.Select((value, i) => (value * 0.9f) + (name[0] / (i + 7f)))];
        whileTraining?.Invoke();
        return new Dictionary<string, double>();
    }
}
