using CoMiGS.Checkpoints;

namespace CoMiGS.Reference.Tests;

/// <summary>A copy of a case with one number moved a little, to show that the comparison would notice.</summary>
internal sealed class FalsifiedCase : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("comigs");

    /// <param name="folder">Where the case is.</param>
    /// <param name="name">The case.</param>
    /// <param name="file">The file with the number, relative to the folder.</param>
    /// <param name="tensor">The tensor whose first number is moved.</param>
    /// <param name="move">By how much.</param>
    public FalsifiedCase(string folder, string name, string file, string tensor, double move = 1e-6)
    {
        var checkpoint = Path.Combine(folder, name);
        foreach (var source in Directory.GetFiles(folder, name + ".*").Concat(Directory.Exists(checkpoint) ? Directory.GetFiles(checkpoint) : []))
        {
            var copy = Path.Combine(Folder, Path.GetRelativePath(folder, source));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(source, copy);
        }

        using var scope = NewDisposeScope();
        var tensors = SafetensorsFile.Read(Path.Combine(Folder, file));
        tensors[tensor].view(-1)[0].add_(move);
        SafetensorsFile.Write(Path.Combine(Folder, file), tensors.Select(t => (t.Key, t.Value)));
    }

    /// <summary>Where the copy is.</summary>
    public string Folder => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
