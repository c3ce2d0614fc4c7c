using System.Text;

namespace CoMiGS.Demo.Text;

/// <summary>Reads your own text: a folder with <c>user*/train.txt</c>, <c>valid.txt</c> and <c>test.txt</c>.</summary>
public static class FolderText
{
    private const int FewestUsers = 2;
    private static readonly string[] SplitFiles = ["train.txt", "valid.txt", "test.txt"];

    /// <summary>The users in the order of their folders' names.</summary>
    /// <param name="folder">The folder that holds the users' folders.</param>
    /// <param name="trainBytes">The most training text to keep of each user, or null to keep all.</param>
    /// <exception cref="DemoException">The folder, a user or a file is missing; everything missing is named.</exception>
    public static IReadOnlyList<UserText> Read(string folder, IReadOnlyList<int>? trainBytes = null)
    {
        var users = Users(folder);
        var missing = users.SelectMany(Files).Where(file => !File.Exists(file)).ToList();
        return missing.Count == 0
            ? [.. users.Select((user, index) => ReadUser(user, trainBytes?[index]))]
            : throw new DemoException($"--data: missing {string.Join(", ", missing)}.");
    }

    /// <summary>How many users the folder holds.</summary>
    /// <exception cref="DemoException">The folder is missing or holds too few.</exception>
    public static int CountUsers(string folder) => Users(folder).Count;

    private static List<string> Users(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DemoException($"--data: there is no folder {folder}.");
        }

        var users = Directory.EnumerateDirectories(folder, "user*").OrderBy(user => user, StringComparer.Ordinal).ToList();
        return users.Count >= FewestUsers
            ? users
            : throw new DemoException(
                $"--data: {folder} holds {users.Count} folders named user*; at least {FewestUsers} are needed, each with train.txt, valid.txt and test.txt.");
    }

    private static IEnumerable<string> Files(string user) => SplitFiles.Select(name => Path.Combine(user, name));

    private static UserText ReadUser(string user, int? trainBytes)
    {
        var texts = Files(user).Select(file => File.ReadAllText(file, Encoding.UTF8).ReplaceLineEndings("\n")).ToList();
        var train = trainBytes is { } bytes ? TextSplitter.Join(texts[0].Split('\n'), bytes) : texts[0];
        return new UserText(Path.GetFileName(user), $"text of {user}", train, texts[1], texts[2]);
    }
}
