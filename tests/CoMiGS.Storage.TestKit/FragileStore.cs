using CoMiGS.Transport.Storage;

namespace CoMiGS.Storage.TestKit;

/// <summary>Another store, that does what it is told to when something is written.</summary>
/// <param name="inner">The other store.</param>
/// <param name="onAppend">Called before and after every record, with how many there were; may throw or end the process.</param>
public sealed class FragileStore(IRoundStore inner, Action<int, bool> onAppend) : IRoundStore
{
    /// <summary>How many records were written, or were about to be.</summary>
    public int Appends { get; private set; }

    /// <inheritdoc/>
    public IRunLog Open(string run) => new Log(this, inner.Open(run));

    private sealed class Log(FragileStore store, IRunLog log) : IRunLog
    {
        public RunRecord? ReadNext(long after) => log.ReadNext(after);

        public void Append(RunRecord record, bool replacesAll)
        {
            store.Appends++;
            store.Told(false);
            log.Append(record, replacesAll);
            store.Told(true);
        }

        public void Dispose() => log.Dispose();
    }

    private void Told(bool written) => onAppend(Appends, written);
}
