namespace CoMiGS.FederationTrial.Results;

/// <summary>The adapters of two runs, side by side.</summary>
public static class Comparison
{
    private const int ShownDigits = 16;

    /// <summary>Compares them, and tells what it found.</summary>
    /// <param name="devices">The names of the devices.</param>
    /// <param name="undisturbed">The folder of the run without kills; each device's adapters lie in a folder of its own.</param>
    /// <param name="disturbed">The folder of the run with kills.</param>
    /// <param name="tell">Where the lines go.</param>
    /// <returns>Whether every device has the same adapters in both runs, and all devices have the same generalist.</returns>
    public static bool Of(IReadOnlyList<string> devices, string undisturbed, string disturbed, Action<string> tell)
    {
        ArgumentNullException.ThrowIfNull(devices);
        ArgumentNullException.ThrowIfNull(tell);
        var same = true;
        List<AdapterFiles> generalists = [];
        foreach (var device in devices)
        {
            var (before, after) = (Adapters(undisturbed, device), Adapters(disturbed, device));
            var equal = before.Equal(after);
            same &= equal;
            generalists.AddRange([before.Generalists, after.Generalists]);
            tell($"{device,-10} {before.Hashes.Count} files, SHA-256 {Shown(before)} undisturbed, {Shown(after)} with kills: {(equal ? "same" : "DIFFERENT")}");
        }

        var shared = generalists.TrueForAll(generalists[0].Equal);
        tell(shared
            ? $"generalist SHA-256 {Shown(generalists[0])} on every device, in both runs"
            : $"generalist DIFFERENT: {string.Join(", ", generalists.Select(Shown).Distinct())}");
        return same && shared;
    }

    private static AdapterFiles Adapters(string run, string device) => AdapterFiles.Of(Path.Combine(run, device, "adapters"));

    private static string Shown(AdapterFiles files) => files.Digest[..ShownDigits];
}
