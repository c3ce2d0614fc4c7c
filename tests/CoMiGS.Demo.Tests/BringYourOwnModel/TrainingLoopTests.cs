namespace CoMiGS.Demo.Tests.BringYourOwnModel;

/// <summary>The two training loops of the example differ in fewer than ten lines, and the documentation shows these.</summary>
public sealed class TrainingLoopTests
{
    private const int Most = 9;

    private static readonly (IReadOnlyList<string> Removed, IReadOnlyList<string> Added) Change = LineDifference.Of(Lines("Before"), Lines("After"));

    [Fact]
    public void Fewer_than_ten_lines_change()
    {
        Change.Added.Count.Should().BeInRange(1, Most);
        Change.Removed.Count.Should().BeInRange(1, Most);
    }

    [Fact]
    public void The_documentation_shows_every_one_of_them()
    {
        var shown = Read("docs", "bring-your-own-model.md").Split("```diff\n")[1].Split("```")[0].Split('\n');

        shown.Where(line => line.StartsWith('-')).Select(line => line[1..].Trim()).Should().Equal(Change.Removed.Select(line => line.Trim()).Where(line => line.Length > 0));
        shown.Where(line => line.StartsWith('+')).Select(line => line[1..].Trim()).Where(line => line.Length > 0).Should().Equal(Change.Added.Select(line => line.Trim()).Where(line => line.Length > 0));
    }

    [Theory]
    [InlineData("TinyWriter.cs")]
    [InlineData("Block.cs")]
    [InlineData("Attention.cs")]
    [InlineData("Mlp.cs")]
    public void The_model_knows_nothing_of_experts(string file) =>
        Read("examples", "BringYourOwnModel", file).ReplaceLineEndings("\n").Should().NotContain("using CoMiGS").And.NotContain("IFeedForward");

    private static string[] Lines(string folder) => Read("examples", "BringYourOwnModel", folder, "TrainingLoop.cs").Split('\n');

    private static string Read(params string[] parts)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "CoMiGS.sln")))
        {
            root = root.Parent ?? throw new InvalidOperationException("The tests were built outside of the repository.");
        }

        return File.ReadAllText(Path.Combine([root.FullName, .. parts])).ReplaceLineEndings("\n");
    }
}
