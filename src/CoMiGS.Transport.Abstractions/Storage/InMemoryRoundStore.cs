namespace CoMiGS.Transport.Storage;

/// <summary>A store that outlives coordinators, but not its process: for simulations and tests of restarts.</summary>
/// <remarks>Keeps all updates of a round in memory. Thread-safe.</remarks>
public sealed class InMemoryRoundStore : IRoundStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<RunRecord>> _runs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _held = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IRunLog Open(string run)
    {
        ArgumentException.ThrowIfNullOrEmpty(run);
        lock (_lock)
        {
            if (!_held.Add(run))
            {
                throw StoreException.Held(run, "this store in memory");
            }

            _runs.TryAdd(run, []);
            return new Log(this, run, _runs[run]);
        }
    }

    private sealed class Log(InMemoryRoundStore store, string run, List<RunRecord> records) : IRunLog
    {
        private bool _disposed;

        public RunRecord? ReadNext(long after)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return records.Find(record => record.Number > after);
        }

        public void Append(RunRecord record, bool replacesAll)
        {
            ArgumentNullException.ThrowIfNull(record);
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (records.Count > 0 && record.Number <= records[^1].Number)
            {
                throw new StoreException($"The run '{run}' has {records[^1].Number} records, so {record.Number} is there already.");
            }

            if (replacesAll)
            {
                records.Clear();
            }

            records.Add(record with { Content = record.Content.ToArray() });
        }

        public void Dispose()
        {
            lock (store._lock)
            {
                if (!_disposed)
                {
                    _disposed = true;
                    store._held.Remove(run);
                }
            }
        }
    }
}
