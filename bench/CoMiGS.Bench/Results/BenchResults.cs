using System.Text.Json;
using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Targets;

namespace CoMiGS.Bench.Results;

/// <summary>All that was measured on a machine: <c>results.json</c>.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Kernels">The kernels that each BLAS setting led to.</param>
/// <param name="Measurements">The raw figures.</param>
/// <param name="Targets">What they say about the targets.</param>
internal sealed record BenchResults(Machine Machine, IReadOnlyDictionary<string, string> Kernels, IReadOnlyList<Measurement> Measurements, IReadOnlyList<TargetRow> Targets)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    /// <summary>Reads a file; null where there is none.</summary>
    public static BenchResults? Read(string path) => File.Exists(path) ? JsonSerializer.Deserialize<BenchResults>(File.ReadAllText(path)) : null;

    /// <summary>Writes a file, and the folder it lies in.</summary>
    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, JsonSerializer.Serialize(this, Format));
    }

    /// <summary>The measurements of a section, in their order.</summary>
    public IEnumerable<Measurement> Of(string section) => Measurements.Where(measurement => measurement.Section == section);

    /// <summary>One of them; null where it was not measured.</summary>
    public Sample? Find(string section, string of, string subject, string blas) =>
        Measurements.FirstOrDefault(m => m.Section == section && m.Case == of && m.Subject == subject && m.Blas == blas)?.Sample();

    /// <summary>Median of a subject over a baseline of the same rounds; null where one was not measured.</summary>
    public double? Ratio(string section, string of, string subject, string baseline, string blas) =>
        Find(section, of, subject, blas) is { } measured && Find(section, of, baseline, blas) is { } other ? measured.Over(other).Median : null;
}
