using System.Collections.Concurrent;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Transport.Http.Tests.Faults;

/// <summary>Another store, and a list of every update that was ever written to it.</summary>
/// <param name="inner">The other store.</param>
/// <param name="written">The list, which outlives the store.</param>
internal sealed class WitnessStore(IRoundStore inner, ConcurrentQueue<ExpertUpdate> written) : IRoundStore
{
    private const byte UpdateCounts = 4;
    private const int HeaderBytes = 16;

    public IRunLog Open(string run) => new Log(inner.Open(run), written);

    private sealed class Log(IRunLog log, ConcurrentQueue<ExpertUpdate> written) : IRunLog
    {
        public RunRecord? ReadNext(long after) => log.ReadNext(after);

        public void Append(RunRecord record, bool replacesAll)
        {
            log.Append(record, replacesAll);
            if (record.Content.Span[0] == UpdateCounts)
            {
                written.Enqueue(PayloadCodec.DecodeExpertUpdate(record.Content[HeaderBytes..].ToArray()));
            }
        }

        public void Dispose() => log.Dispose();
    }
}
