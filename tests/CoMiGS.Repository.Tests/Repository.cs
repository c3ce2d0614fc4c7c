namespace CoMiGS.Repository.Tests;

/// <summary>The working copy under test, found from where the tests were built.</summary>
internal static class Repository
{
    /// <summary>The folder of <c>CoMiGS.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Read(string relativePath) => File.ReadAllText(PathTo(relativePath));

    /// <summary>Files under a folder, relative to the root with forward slashes, without what a build or an editor left there.</summary>
    public static IEnumerable<string> Files(string folder, string pattern)
    {
        var start = PathTo(folder);
        return !Directory.Exists(start) ? [] : Directory.EnumerateFiles(start, pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "artifacts" or ".git" or "TestResults"))
            .Order(StringComparer.Ordinal);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CoMiGS.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"CoMiGS.sln is in no folder above {AppContext.BaseDirectory}. Run the tests from a clone.");
    }
}
