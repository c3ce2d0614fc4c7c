using System.Data.Common;
using CoMiGS.Transport.Storage;
using Npgsql;

namespace CoMiGS.Storage.PostgreSql;

/// <summary>A run in a PostgreSQL database.</summary>
internal sealed class PostgreSqlRunLog : SqlRunLog
{
    private readonly NpgsqlConnectionStringBuilder _server;

    private PostgreSqlRunLog(NpgsqlConnectionStringBuilder server, string run)
        : base(run, Words(server)) => _server = server;

    protected override string BytesType => "bytea";

    public static PostgreSqlRunLog Open(NpgsqlConnectionStringBuilder server, string run)
    {
        var log = new PostgreSqlRunLog(server, run);
        try
        {
            log.Connect();
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    protected override DbConnection Open(string run)
    {
        var connection = new NpgsqlConnection(_server.ConnectionString);
        try
        {
            connection.Open();
            using var hold = new NpgsqlCommand("SET synchronous_commit = on; SELECT pg_try_advisory_lock(hashtextextended('comigs ' || @run, 0))", connection);
            hold.Parameters.AddWithValue("run", run);
            return (bool)hold.ExecuteScalar()! ? connection : throw StoreException.Held(run, Words(_server));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    protected override bool IsTaken(DbException failure) => failure is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <summary>Without what nobody else should read.</summary>
    private static string Words(NpgsqlConnectionStringBuilder server) => $"the database {server.Database} at {server.Host}";
}
