using CoMiGS.Transport.Storage;
using Npgsql;

namespace CoMiGS.Storage.PostgreSql;

/// <summary>Keeps runs in a table of a PostgreSQL database, 11 or newer. Whoever leads a run holds an advisory lock, over the one connection that also writes.</summary>
/// <remarks>
/// A coordinator whose connection ends has lost the lock and the ability to write in the same instant. It connects anew with the next message, and goes on if nobody else leads the run by
/// then. The server must not run with <c>fsync = off</c>.
/// </remarks>
public sealed class PostgreSqlRoundStore : IRoundStore
{
    private readonly NpgsqlConnectionStringBuilder _connection;

    /// <summary>A store in a database; its table is made when a run is opened.</summary>
    /// <param name="connectionString">The database, as Npgsql reads it; its user may create tables.</param>
    /// <exception cref="ArgumentException">The text is no connection string.</exception>
    public PostgreSqlRoundStore(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        _connection = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
    }

    /// <inheritdoc/>
    public IRunLog Open(string run) => PostgreSqlRunLog.Open(_connection, run);
}
