using CoMiGS.Checkpoints;

namespace CoMiGS.Demo.Reports;

/// <summary>The folder that a run writes to. Files appear whole: each is written beside its place and moved there.</summary>
public sealed class OutputFolder
{
    private OutputFolder(string path) => Path = path;

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>Creates the folder if need be and proves that a file can be written and renamed there.</summary>
    /// <exception cref="DemoException">It cannot.</exception>
    public static OutputFolder Open(string path)
    {
        try
        {
            var folder = new OutputFolder(System.IO.Path.GetFullPath(path));
            Directory.CreateDirectory(folder.Path);
            var probe = $".probe-{Environment.ProcessId}";
            folder.Write(probe, "");
            File.Delete(folder.PathOf(probe));
            return folder;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new DemoException($"--output: cannot write to {path}: {cause.Message} Choose another folder.", cause);
        }
    }

    /// <summary>The full path of a file or folder inside.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a text file in one piece: readers see the old file or the new one, never half of one.</summary>
    public void Write(string name, string text) => AtomicFile.WriteText(PathOf(name), text);
}
