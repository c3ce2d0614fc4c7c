using CoMiGS.Checkpoints;

namespace CoMiGS.Tests.Checkpoints;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;

    private string Target => Path.Combine(_folder, "file.txt");

    [Fact]
    public void A_write_that_fails_half_way_leaves_the_previous_file_and_nothing_else()
    {
        AtomicFile.WriteText(Target, "before");

        var act = () => AtomicFile.Write(Target, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("the disk is full");
        });

        act.Should().Throw<IOException>();
        File.ReadAllText(Target).Should().Be("before");
        Directory.GetFiles(_folder).Should().ContainSingle();
    }

    [Fact]
    public void Missing_folders_are_made()
    {
        var deep = Path.Combine(_folder, "a", "b", "file.txt");

        AtomicFile.WriteText(deep, "ä");

        File.ReadAllBytes(deep).Should().Equal(0xC3, 0xA4);
    }

    [Fact]
    public void A_folder_that_fails_half_way_leaves_the_previous_one_and_nothing_else()
    {
        var folder = Path.Combine(_folder, "adapters");
        AtomicFolder.Write(folder, path => File.WriteAllText(Path.Combine(path, "one"), "1"));

        var act = () => AtomicFolder.Write(folder, path =>
        {
            File.WriteAllText(Path.Combine(path, "two"), "2");
            throw new IOException("the disk is full");
        });

        act.Should().Throw<IOException>();
        Directory.GetFileSystemEntries(_folder).Should().Equal(folder);
        Directory.GetFiles(folder).Select(Path.GetFileName).Should().Equal("one");
    }

    [Fact]
    public void A_folder_left_aside_by_a_process_that_died_is_put_back()
    {
        var folder = Path.Combine(_folder, "adapters");
        AtomicFolder.Write(folder, path => File.WriteAllText(Path.Combine(path, "one"), "1"));
        Directory.Move(folder, folder + ".old"); // what a kill between the two renames leaves

        AtomicFolder.Recover(folder);

        Directory.GetFiles(folder).Select(Path.GetFileName).Should().Equal("one");
        Directory.GetFileSystemEntries(_folder).Should().Equal(folder);
    }

    [Fact]
    public void What_a_process_that_died_later_left_beside_is_no_hindrance()
    {
        var folder = Path.Combine(_folder, "adapters");
        AtomicFolder.Write(folder, path => File.WriteAllText(Path.Combine(path, "one"), "1"));
        Directory.CreateDirectory(folder + ".old"); // what a kill after the second rename leaves

        AtomicFolder.Write(folder, path => File.WriteAllText(Path.Combine(path, "two"), "2"));

        Directory.GetFiles(folder).Select(Path.GetFileName).Should().Equal("two");
        Directory.GetFileSystemEntries(_folder).Should().Equal(folder);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
