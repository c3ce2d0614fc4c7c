using System.Data.Common;
using System.Net.Sockets;

namespace CoMiGS.Transport.Storage;

/// <summary>A log in one table of a database with an ADO.NET provider; a store says how to connect.</summary>
/// <remarks>
/// Every record is a transaction of its own, and all go over one connection: a hold on the run that hangs on the connection, as an advisory lock does, ends with the
/// ability to write. After a failure the connection is thrown away, and the next call makes a new one, unless the store says that it need not.
/// </remarks>
public abstract class SqlRunLog : IRunLog
{
    /// <summary>The table.</summary>
    protected const string Table = "comigs_journal_1";

    private readonly string _run;
    private readonly string _store;
    private DbConnection? _connection;
    private bool _disposed;

    /// <summary>A log that is not connected yet.</summary>
    /// <param name="run">The name of the run.</param>
    /// <param name="store">The store, in words.</param>
    protected SqlRunLog(string run, string store)
    {
        ArgumentException.ThrowIfNullOrEmpty(run);
        (_run, _store) = (run, store);
    }

    /// <summary>The type of a column with bytes.</summary>
    protected abstract string BytesType { get; }

    /// <summary>Whether a connection is as good after a failure as before.</summary>
    /// <value>Default: no.</value>
    protected virtual bool KeepsItsConnection => false;

    /// <inheritdoc/>
    public RunRecord? ReadNext(long after) => Try("read from", connection =>
    {
        using var command = Command(connection, $"SELECT sequence, content FROM {Table} WHERE run = @run AND sequence > @sequence ORDER BY sequence LIMIT 1", after);
        using var reader = command.ExecuteReader();
        return reader.Read() ? new RunRecord(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    });

    /// <inheritdoc/>
    public void Append(RunRecord record, bool replacesAll)
    {
        ArgumentNullException.ThrowIfNull(record);
        Try("written to", connection =>
        {
            using var transaction = connection.BeginTransaction();
            Insert(transaction, _run, record);
            if (replacesAll)
            {
                using var delete = Command(connection, $"DELETE FROM {Table} WHERE run = @run AND sequence < @sequence", record.Number);
                delete.Transaction = transaction;
                delete.ExecuteNonQuery();
            }

            transaction.Commit();
            return true;
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        Disconnect();
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Connects a log for the first time; it is let go of if that fails.</summary>
    /// <returns>The log.</returns>
    /// <exception cref="StoreException">The run's owner is another, or the store fails.</exception>
    protected static T Connected<T>(T log)
        where T : SqlRunLog
    {
        try
        {
            log.Try("opened in", _ => true);
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that holds the run.</summary>
    /// <param name="run">The run.</param>
    /// <returns>The connection; it belongs to the caller.</returns>
    /// <exception cref="StoreException">Another coordinator holds the run.</exception>
    protected abstract DbConnection Open(string run);

    /// <summary>Adds a record.</summary>
    /// <param name="transaction">Within this transaction.</param>
    /// <param name="run">The run.</param>
    /// <param name="record">The record. Not to be copied where the provider can do without: an update has megabytes.</param>
    protected abstract void Insert(DbTransaction transaction, string run, RunRecord record);

    /// <summary>Whether somebody else has written this number before.</summary>
    /// <param name="failure">What the database says.</param>
    protected abstract bool IsTaken(DbException failure);

    /// <summary>Gives up what holds the run besides the connection.</summary>
    protected virtual void Release()
    {
    }

    private T Try<T>(string what, Func<DbConnection, T> work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            return work(_connection ??= Prepared());
        }
        catch (DbException e) when (IsTaken(e))
        {
            throw new StoreException($"Another coordinator has written to the run '{_run}' in {_store}.", e);
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or SocketException or TimeoutException || (e is IOException and not StoreException)) // providers let through what the network throws
        {
            if (!KeepsItsConnection)
            {
                Disconnect();
            }

            throw new StoreException($"The run '{_run}' cannot be {what} {_store}: {e.Message} Nothing was acknowledged. Make room or bring the store back, and the run goes on by itself.", e);
        }
    }

    private DbConnection Prepared()
    {
        var connection = Open(_run);
        try
        {
            using var create = connection.CreateCommand();
            create.CommandText = $"CREATE TABLE IF NOT EXISTS {Table} (run text NOT NULL, sequence bigint NOT NULL, content {BytesType} NOT NULL, PRIMARY KEY (run, sequence))";
            create.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Disconnect()
    {
        try
        {
            _connection?.Dispose();
        }
        catch (DbException)
        {
            // it is broken, and being thrown away
        }

        _connection = null;
    }

    private DbCommand Command(DbConnection connection, string text, long number)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        Add(command, "run", _run);
        Add(command, "sequence", number);
        return command;
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
