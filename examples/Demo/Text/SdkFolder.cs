using System.Runtime.InteropServices;

namespace CoMiGS.Demo.Text;

/// <summary>Finds the folder of the newest installed .NET SDK, whose localized messages are the demo's default text.</summary>
public static class SdkFolder
{
    /// <summary>The folder of the highest SDK version, for example <c>/usr/share/dotnet/sdk/10.0.401</c>.</summary>
    /// <exception cref="DemoException">None of the usual places holds an SDK.</exception>
    public static string Find() => Find(InstallationRoots());

    /// <summary>The folder of the highest SDK version under the first of <paramref name="roots"/> that has one.</summary>
    /// <exception cref="DemoException">None of them has one.</exception>
    public static string Find(IEnumerable<string> roots)
    {
        var looked = roots.Distinct(StringComparer.Ordinal).ToList();
        return looked.Select(Newest).FirstOrDefault(folder => folder is not null)
            ?? throw new DemoException(
                $"No .NET SDK found under {string.Join(", ", looked)}. Set DOTNET_ROOT to the folder that holds 'sdk', "
                + "or bring your own text with --data DIR.");
    }

    private static string? Newest(string root)
    {
        var parent = Path.Combine(root, "sdk");
        return !Directory.Exists(parent)
            ? null
            : Directory.EnumerateDirectories(parent)
                .Select(folder => (Folder: folder, Version: SdkVersion.TryParse(Path.GetFileName(folder))))
                .Where(found => found.Version is not null)
                .MaxBy(found => found.Version).Folder;
    }

    private static IEnumerable<string> InstallationRoots()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root)
        {
            yield return root;
        }

        // <root>/shared/Microsoft.NETCore.App/<version>/
        yield return Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

        if (Environment.ProcessPath is { } process && Path.GetFileNameWithoutExtension(process) == "dotnet")
        {
            var real = File.ResolveLinkTarget(process, returnFinalTarget: true)?.FullName ?? process;
            yield return Path.GetDirectoryName(real)!;
        }
    }
}
