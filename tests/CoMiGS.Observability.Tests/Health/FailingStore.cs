using CoMiGS.Transport.Storage;

namespace CoMiGS.Observability.Tests.Health;

/// <summary>A store that fails as long as it is told to.</summary>
internal sealed class FailingStore : IRoundStore
{
    private readonly InMemoryRoundStore _inner = new();

    /// <summary>What every write throws; null to let it through.</summary>
    public Exception? Failure { get; set; }

    public IRunLog Open(string run) => new Log(this, _inner.Open(run));

    private sealed class Log(FailingStore store, IRunLog inner) : IRunLog
    {
        public RunRecord? ReadNext(long after) => inner.ReadNext(after);

        public void Append(RunRecord record, bool replacesAll)
        {
            if (store.Failure is { } failure)
            {
                throw failure;
            }

            inner.Append(record, replacesAll);
        }

        public void Dispose() => inner.Dispose();
    }
}
