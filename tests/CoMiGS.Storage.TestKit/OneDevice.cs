using CoMiGS.Transport;

namespace CoMiGS.Storage.TestKit;

/// <summary>What the only device of a run sends.</summary>
public static class OneDevice
{
    /// <summary>It is ready to share so many numbers.</summary>
    public static CheckIn CheckIn(string run = "run", int numbers = 1) => new(run, "anna", "base", [new TensorSpec("x", TensorType.Float32, [numbers])], 1, ProtocolVersion.Current);

    /// <summary>Its numbers are all this.</summary>
    public static ExpertUpdate Update(float value, string run = "run", int numbers = 1, int round = 1)
    {
        var values = new float[numbers];
        Array.Fill(values, value);
        return new ExpertUpdate(run, round, "anna", 1, "base", 1, new TensorSet([NamedTensor.FromFloats("x", [numbers], values)]), new Dictionary<string, double>());
    }
}
