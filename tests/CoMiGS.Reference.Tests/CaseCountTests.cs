using Xunit.Abstractions;

namespace CoMiGS.Reference.Tests;

[Trait("Category", "Reference")]
public sealed class CaseCountTests(ITestOutputHelper output)
{
    [Fact]
    public void There_are_cases_and_their_number_is_told()
    {
        var counts = Counts(ReferenceFolder.Path, "single_step", "aggregation", "pcl", "trajectory").Concat(Counts(ReferenceFolder.Models, "hf_checkpoint", "peft_adapter"));
        output.WriteLine($"Reference cases: {string.Join(", ", counts)}");

        counts.Should().Contain(count => !count.StartsWith("0 "), "{0} holds cases", ReferenceFolder.Path);
    }

    private static IEnumerable<string> Counts(string folder, params string[] kinds) => kinds.Select(kind => $"{ReferenceFolder.NamesIn(folder, kind).Count()} {kind}");
}
