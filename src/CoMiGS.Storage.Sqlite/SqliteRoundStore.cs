using CoMiGS.Transport.Storage;

namespace CoMiGS.Storage.Sqlite;

/// <summary>Keeps runs in one SQLite file: a write-ahead log, and a disk that has the bytes before anything is acknowledged (<c>synchronous=FULL</c>).</summary>
/// <remarks>
/// Beside the file lie SQLite's own (<c>-wal</c>, <c>-shm</c>) and an empty one for each run whose lock says that a coordinator leads it; the system takes that lock away when the
/// process ends, however it ends. The file must be on a disk of this machine.
/// </remarks>
public sealed class SqliteRoundStore : IRoundStore
{
    private readonly string _path;

    /// <summary>A store in a file, which is made when a run is opened.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    public SqliteRoundStore(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = Path.GetFullPath(path);
    }

    /// <inheritdoc/>
    public IRunLog Open(string run) => SqliteRunLog.Open(_path, run);
}
