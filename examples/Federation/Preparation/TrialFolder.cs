using CoMiGS.Demo;

namespace CoMiGS.FederationTrial.Preparation;

/// <summary>Where the processes write: a temporary folder, which is removed, or one to keep.</summary>
internal sealed class TrialFolder : IDisposable
{
    private readonly string _path;
    private readonly bool _kept;

    /// <param name="keep">The folder to keep; null for a temporary one.</param>
    /// <exception cref="DemoException">The folder to keep has something in it, or cannot be made.</exception>
    public TrialFolder(string? keep)
    {
        _kept = keep is not null;
        if (keep is not null && Directory.Exists(keep) && Directory.EnumerateFileSystemEntries(keep).Any())
        {
            throw new DemoException($"--keep: '{keep}' is not empty. Name a new folder.");
        }

        _path = keep is null ? Directory.CreateTempSubdirectory("comigs-federation-").FullName : Directory.CreateDirectory(keep).FullName;
    }

    public string PathOf(string name) => Path.Combine(_path, name);

    public void Dispose()
    {
        if (!_kept)
        {
            Directory.Delete(_path, recursive: true);
        }
    }
}
