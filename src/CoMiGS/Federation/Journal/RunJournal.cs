using System.Buffers;
using System.Diagnostics;
using CoMiGS.Diagnostics;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Federation.Journal;

/// <summary>
/// Sees to it that the machine and the log never differ for long: an entry is written before it is taken in, and whenever it is in doubt whether one
/// was written, the log is read first.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="log">The log; without one the run lives as long as its process.</param>
/// <param name="take">Takes an entry in; told its number, and whether it comes from the log.</param>
internal sealed class RunJournal(string run, IRunLog? log, Action<Entry, long, bool> take)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(); // as large as the largest entry, and never smaller: thousands of updates leave no garbage
    private long _last;
    private bool _inDoubt = log is not null;

    public bool IsKept => log is not null;

    /// <summary>The number of the newest entry.</summary>
    public long Last => _last;

    /// <summary>Takes in what the log has and the machine does not.</summary>
    /// <exception cref="StoreException">The log cannot be read.</exception>
    public void CatchUp()
    {
        while (_inDoubt)
        {
            var record = log!.ReadNext(_last);
            _inDoubt = record is not null;
            if (record is not null)
            {
                var entry = EntryCodec.Read(run, record);
                if (record.Number != _last + 1 && entry is not RoundEnds)
                {
                    throw new StoreException($"Record {_last + 1} of the run '{run}' is gone: the next one is {record.Number}. Nothing was changed in the store. Restore it from a copy.");
                }

                _last = record.Number;
                TakeAgain(entry, record.Number);
            }
        }
    }

    /// <summary>Writes an entry, then takes it in.</summary>
    /// <exception cref="StoreException">It could not be written, and nothing was taken in.</exception>
    public void Commit(Entry entry)
    {
        if (log is not null)
        {
            _inDoubt = true;
            Append(log, entry);
            _inDoubt = false;
        }

        _last++;
        take(entry, _last, false);
    }

    /// <summary>An update that was written before.</summary>
    public ExpertUpdate Update(long number) => log!.ReadNext(number - 1) is { } record && record.Number == number && EntryCodec.Read(run, record) is UpdateCounts counts
        ? counts.Update
        : throw new StoreException($"Record {number} of the run '{run}' is gone, though its update counts. Restore the store from a copy.");

    private void Append(IRunLog to, Entry entry)
    {
        var what = entry.GetType().Name;
        using var activity = CoMiGSTelemetry.Source.StartActivity("commit")?.SetTag("comigs.entry", what);
        var start = TimeProvider.System.GetTimestamp();
        try
        {
            to.Append(EntryCodec.Write(_last + 1, entry, _buffer), entry is RoundEnds);
            FederationMetrics.Committed(what, TimeProvider.System.GetElapsedTime(start));
        }
        catch (StoreException e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
    }

    private void TakeAgain(Entry entry, long number)
    {
        try
        {
            take(entry, number, true);
        }
        catch (ArgumentException) when (entry is UpdateCounts)
        {
            // the strategy would not have it the first time either, so it was never acknowledged
        }
    }
}
