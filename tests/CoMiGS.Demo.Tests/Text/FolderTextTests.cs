using CoMiGS.Demo.Text;

namespace CoMiGS.Demo.Tests.Text;

public sealed class FolderTextTests
{
    [Fact]
    public void Users_are_read_in_the_order_of_their_names()
    {
        using var data = Data("user1", "user0", "ood");

        var users = FolderText.Read(data.Path);

        users.Select(user => user.Name).Should().Equal("user0", "user1");
        users[0].Train.Should().Be("train of user0\nline 2");
    }

    [Fact]
    public void Training_text_is_trimmed_at_line_ends()
    {
        using var data = Data("user0", "user1");

        FolderText.Read(data.Path, [16, 16])[0].Train.Should().Be("train of user0\n");
    }

    [Fact]
    public void Every_missing_file_is_named()
    {
        using var data = Data("user0", "user1");
        File.Delete(data.Of("user0", "valid.txt"));
        File.Delete(data.Of("user1", "test.txt"));

        var reading = () => FolderText.Read(data.Path);

        reading.Should().Throw<DemoException>().WithMessage("--data: missing *user0*valid.txt, *user1*test.txt.");
    }

    [Fact]
    public void A_missing_folder_and_a_single_user_are_refused()
    {
        using var data = Data("user0");
        var absent = () => FolderText.Read(data.Of("nowhere"));
        var single = () => FolderText.Read(data.Path);

        absent.Should().Throw<DemoException>().WithMessage("--data: there is no folder*nowhere*");
        single.Should().Throw<DemoException>().WithMessage("*holds 1 folders named user*; at least 2*");
    }

    private static TemporaryFolder Data(params string[] users)
    {
        var folder = new TemporaryFolder();
        foreach (var user in users)
        {
            foreach (var split in new[] { "train", "valid", "test" })
            {
                folder.WithFile($"{split} of {user}\r\nline 2", user, $"{split}.txt");
            }
        }

        return folder;
    }
}
