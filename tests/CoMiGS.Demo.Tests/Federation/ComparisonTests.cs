using CoMiGS.FederationTrial.Results;

namespace CoMiGS.Demo.Tests.Federation;

public sealed class ComparisonTests : IDisposable
{
    private static readonly string[] Devices = ["anna", "ben"];
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void Equal_files_are_the_same()
    {
        Write("one", "anna", 1, 2);
        Write("one", "ben", 1, 3);
        Write("two", "anna", 1, 2);
        Write("two", "ben", 1, 3);

        Compare().Should().BeTrue();
        _lines.Should().HaveCount(3).And.OnlyContain(line => !line.Contains("DIFFERENT"));
    }

    [Fact]
    public void One_bit_in_a_specialist_is_told_with_its_device()
    {
        Write("one", "anna", 1, 2);
        Write("one", "ben", 1, 3);
        Write("two", "anna", 1, 2);
        Write("two", "ben", 1, 2);

        Compare().Should().BeFalse();
        _lines.Should().ContainSingle(line => line.Contains("DIFFERENT")).Which.Should().StartWith("ben");
    }

    [Fact]
    public void Devices_with_generalists_of_their_own_are_told()
    {
        Write("one", "anna", 1, 2);
        Write("one", "ben", 4, 3);
        Write("two", "anna", 1, 2);
        Write("two", "ben", 4, 3);

        Compare().Should().BeFalse();
        _lines[^1].Should().StartWith("generalist DIFFERENT");
    }

    [Fact]
    public void A_device_without_adapters_is_no_device_with_the_same()
    {
        foreach (var device in Devices)
        {
            Directory.CreateDirectory(Path.Combine(_folder.Path, "one", device, "adapters"));
            Directory.CreateDirectory(Path.Combine(_folder.Path, "two", device, "adapters"));
        }

        Compare().Should().BeFalse();
    }

    public void Dispose() => _folder.Dispose();

    private bool Compare() => Comparison.Of(Devices, Path.Combine(_folder.Path, "one"), Path.Combine(_folder.Path, "two"), _lines.Add);

    private void Write(string run, string device, byte generalist, byte specialist)
    {
        foreach (var (expert, value) in new[] { ("generalist-0", generalist), ("specialist-0", specialist) })
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, run, device, "adapters", expert)).FullName;
            File.WriteAllBytes(Path.Combine(folder, "adapter_model.safetensors"), [value]);
        }
    }
}
