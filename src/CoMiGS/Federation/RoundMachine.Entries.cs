using CoMiGS.Aggregation;
using CoMiGS.Federation.Journal;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <content>What entries of the journal do to it.</content>
public sealed partial class RoundMachine
{
    /// <summary>Takes in what is written: the only way in which a round changes, in the process that wrote it and in every later one.</summary>
    private void Take(Entry entry, long record, bool again)
    {
        switch (entry)
        {
            case RoundBegins begins:
                TakeBeginning(begins);
                break;
            case MemberComes { Share: var share }:
                TakeMember(share);
                break;
            case MemberRefused refused:
                _open!.Refuse(refused.Device);
                break;
            case UpdateCounts { Update: var update }:
                TakeUpdate(update, record);
                break;
            case RoundEnds ends:
                TakeEnd(ends, again);
                break;
        }

        LastEntry = entry.At;
    }

    private void TakeBeginning(RoundBegins begins)
    {
        Settle(begins.Facts);
        Start();
        var moment = Moment();
        var readBack = _journal.IsKept && _strategy.Needs.Updates == UpdateAccess.All;
        _open = new OpenRound(begins.Round, () => _strategy.Begin(moment), readBack ? _journal.Update : null, _options, begins.At);
        foreach (var (share, assigned) in begins.Members.Zip(_strategy.Assign(moment, begins.Members)))
        {
            _admission.Admit(share);
            _open.Join(share, assigned);
            _waiting.Remove(share.Device);
        }

        _gatheringSince = null;
        _events.Add(new RoundOpened(begins.Round, [.. begins.Members.Select(share => share.Device)]));
    }

    private void TakeMember(DeviceShare share)
    {
        _admission.Admit(share);
        _waiting.Remove(share.Device);
        if (!_open!.Has(share.Device))
        {
            _events.Add(new DeviceJoined(_open.Number, share.Device));
        }

        // A device that comes back goes on with what it was assigned, even if it has other text meanwhile.
        var before = _strategy.Needs.Assigns ? _open.ShareOf(share.Device) : null;
        _open.Join(share, before is not null ? before with { Samples = share.Samples } : _strategy.Assign(Moment(), [share])[0]);
    }

    private void TakeUpdate(ExpertUpdate update, long record)
    {
        if (update.Round < _open!.Number)
        {
            TakeMember(_last.Missing(update.Device)!);
        }

        _open.Count(update, record);
        _events.Add(new UpdateAccepted(_open.Number, update.Device, update.Samples, update.Metrics));
    }

    private void TakeEnd(RoundEnds ends, bool again)
    {
        Settle(ends.Facts);
        if (again)
        {
            if (RoundsDone == 0 && _admission.StartObjection(ends.Shared, _admission.First!) is { } objection)
            {
                throw new InvalidOperationException($"The store holds a run '{_options.Run}' that was begun otherwise. {objection} Go on with the options that it was begun with, or give the new run another name.");
            }

            _strategy.RestoreState(ends.StrategyState);
        }

        var duration = ends.At - (_open?.Opened ?? ends.At);
        (Shared, Version, RoundsDone, _last, _open) = (ends.Shared, ends.Version, ends.Round, new LastRound(ends.Receipts, ends.Missing), null);
        _gatheringSince = _waiting.Count > 0 ? ends.At : null;
        _events.Add(new RoundClosed(ends.Round, Version, ends.Receipts.Count, ends.Missing.Count, duration));
        if (IsFinished)
        {
            _waiting.Clear();
            _events.Add(new RunEnded(ends.Round, Version));
        }
    }

    private void Settle(RunFacts facts)
    {
        facts.Require(_options, _strategy.Name);
        _admission.Settle(facts.First, facts.BaseFingerprint);
    }
}
