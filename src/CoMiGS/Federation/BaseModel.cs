namespace CoMiGS.Federation;

/// <summary>Words for a base model that is not that of the run.</summary>
internal static class BaseModel
{
    private const int Shown = 12;

    public static string Objection(string expected, string given) =>
        $"The run's base model is {Short(expected)}, the device's is {Short(given)}. Load the same weights on every device: experts only fit the model that they were trained on.";

    private static string Short(string fingerprint) => fingerprint.Length > Shown ? $"{fingerprint[..Shown]}..." : fingerprint;
}
