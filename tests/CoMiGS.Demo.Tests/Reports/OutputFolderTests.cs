using CoMiGS.Demo.Reports;

namespace CoMiGS.Demo.Tests.Reports;

public sealed class OutputFolderTests
{
    [Fact]
    public void A_folder_that_does_not_exist_is_made()
    {
        using var temporary = new TemporaryFolder();

        OutputFolder.Open(temporary.Of("a", "b"));

        Directory.EnumerateFileSystemEntries(temporary.Of("a", "b")).Should().BeEmpty("the probe is taken away");
    }

    [Fact]
    public void A_file_in_the_way_is_refused_with_the_path()
    {
        using var temporary = new TemporaryFolder();
        var file = temporary.WithFile("", "in-the-way");

        var opening = () => OutputFolder.Open(file);

        opening.Should().Throw<DemoException>().WithMessage($"--output: cannot write to {file}*Choose another folder.");
    }

    [Fact]
    public void Writing_again_replaces_the_file_and_leaves_nothing_unfinished()
    {
        using var temporary = new TemporaryFolder();
        var folder = OutputFolder.Open(temporary.Path);

        folder.Write("summary.json", "first");
        folder.Write("summary.json", "second");

        File.ReadAllText(temporary.Of("summary.json")).Should().Be("second");
        Directory.EnumerateFiles(temporary.Path).Should().ContainSingle();
    }
}
