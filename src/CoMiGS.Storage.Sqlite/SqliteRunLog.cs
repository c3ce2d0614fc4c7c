using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using CoMiGS.Transport.Storage;
using Microsoft.Data.Sqlite;

namespace CoMiGS.Storage.Sqlite;

/// <summary>A run in a SQLite file.</summary>
internal sealed class SqliteRunLog : SqlRunLog
{
    // Large pages: an update of megabytes is a chain of few of them, which is soon written and soon freed.
    // A cache that holds one, or it would be written twice.
    private const string Settings = "PRAGMA page_size = 65536; PRAGMA cache_size = -16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA journal_size_limit = 67108864;";

    // EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] InUse = [11, 35, unchecked((int)0x80070020)];

    private readonly string _path;
    private readonly FileStream _hold;

    private SqliteRunLog(string path, string run, FileStream hold)
        : base(run, $"the file {path}")
    {
        (_path, _hold) = (path, hold);
    }

    protected override string BytesType => "blob";

    protected override bool KeepsItsConnection => true; // a full disk has no room for what a new one takes

    public static SqliteRunLog Open(string path, string run)
    {
        ArgumentException.ThrowIfNullOrEmpty(run);
        return Connected(new SqliteRunLog(path, run, Hold(path, run)));
    }

    protected override DbConnection Open(string run)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false, DefaultTimeout = 30 }.ToString());
        try
        {
            connection.Open();
            using var settings = connection.CreateCommand();
            settings.CommandText = Settings;
            settings.ExecuteNonQuery();
            return connection;
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Makes room and writes into it: a parameter would be copied three times on the way, and updates have megabytes.</summary>
    protected override void Insert(DbTransaction transaction, string run, RunRecord record)
    {
        var connection = ((SqliteTransaction)transaction).Connection!;
        using var insert = connection.CreateCommand();
        insert.CommandText = $"INSERT INTO {Table} (run, sequence, content) VALUES (@run, @sequence, zeroblob(@length)) RETURNING rowid";
        insert.Parameters.AddWithValue("run", run);
        insert.Parameters.AddWithValue("sequence", record.Number);
        insert.Parameters.AddWithValue("length", record.Content.Length);
        using var content = new SqliteBlob(connection, Table, "content", (long)insert.ExecuteScalar()!);
        content.Write(record.Content.Span);
    }

    protected override bool IsTaken(DbException failure) => failure is SqliteException { SqliteErrorCode: 19 }; // SQLITE_CONSTRAINT

    protected override void Release() => _hold.Dispose();

    private static FileStream Hold(string path, string run)
    {
        var name = $"{path}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(run)))[..16]}.lock";
        try
        {
            return new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (InUse.Contains(e.HResult))
        {
            throw StoreException.Held(run, $"the file {path}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The file {path} cannot be opened: {e.Message} Name a file in a folder that exists and can be written.", e);
        }
    }
}
