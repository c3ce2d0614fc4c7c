using System.Data.Common;
using CoMiGS.Transport.Storage;
using Npgsql;

namespace CoMiGS.Storage.PostgreSql;

/// <summary>A run in a PostgreSQL database.</summary>
internal sealed class PostgreSqlRunLog : SqlRunLog
{
    /// <summary>A server takes a moment to notice that a coordinator has ended.</summary>
    private const int GraceMilliseconds = 3000;

    private readonly NpgsqlConnectionStringBuilder _server;

    private PostgreSqlRunLog(NpgsqlConnectionStringBuilder server, string run)
        : base(run, Words(server)) => _server = server;

    protected override string BytesType => "bytea";

    public static PostgreSqlRunLog Open(NpgsqlConnectionStringBuilder server, string run) =>
        Connected(new PostgreSqlRunLog(server, run));

    protected override DbConnection Open(string run)
    {
        var connection = new NpgsqlConnection(_server.ConnectionString);
        try
        {
            connection.Open();
            using var hold = new NpgsqlCommand($"SET synchronous_commit = on; SET lock_timeout = {GraceMilliseconds}; SELECT pg_advisory_lock(hashtextextended('comigs ' || @run, 0)); SET lock_timeout = 0", connection);
            hold.Parameters.AddWithValue("run", run);
            hold.ExecuteNonQuery();
            return connection;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            connection.Dispose();
            throw StoreException.Held(run, Words(_server), e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    protected override void Insert(DbTransaction transaction, string run, RunRecord record)
    {
        var to = (NpgsqlTransaction)transaction;
        using var insert = new NpgsqlCommand($"INSERT INTO {Table} (run, sequence, content) VALUES (@run, @sequence, @content)", to.Connection, to);
        insert.Parameters.AddWithValue("run", run);
        insert.Parameters.AddWithValue("sequence", record.Number);
        insert.Parameters.AddWithValue("content", record.Content);
        insert.ExecuteNonQuery();
    }

    protected override bool IsTaken(DbException failure) => failure is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <summary>Without what nobody else should read.</summary>
    private static string Words(NpgsqlConnectionStringBuilder server) => $"the database {server.Database} at {server.Host}";
}
