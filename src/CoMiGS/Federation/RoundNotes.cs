using System.Globalization;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>What a device notes with its training state about the round it is in, so that another process can finish that round and not begin it twice.</summary>
internal sealed class RoundNotes
{
    private const string Round = "round";
    private const string LastStep = "round.last_step";
    private const string Metric = "round.metric.";
    private const string Over = "run.over";
    private readonly IDictionary<string, string> _notes;

    /// <param name="notes">Saved with the training state.</param>
    public RoundNotes(IDictionary<string, string> notes) => _notes = notes;

    /// <summary>Figures of the round, once it is trained.</summary>
    public IReadOnlyDictionary<string, double> Metrics =>
        _notes.Where(note => note.Key.StartsWith(Metric, StringComparison.Ordinal))
            .ToDictionary(note => note.Key[Metric.Length..], note => double.Parse(note.Value, CultureInfo.InvariantCulture));

    /// <summary>Whether the notes are of this round, from the same shared parameters.</summary>
    public bool AreOf(RoundPlan plan) => _notes.TryGetValue(Round, out var round) && round == Name(plan) && _notes.ContainsKey(LastStep);

    /// <summary>Begins a round; what was noted of another is forgotten.</summary>
    public void Begin(RoundPlan plan)
    {
        foreach (var old in _notes.Keys.Where(key => key == LastStep || key.StartsWith(Metric, StringComparison.Ordinal)).ToList())
        {
            _notes.Remove(old);
        }

        _notes.Remove(Over);
        _notes[Round] = Name(plan);
    }

    /// <summary>Notes that the last shared parameters are in place.</summary>
    /// <returns>Whether that was not noted before.</returns>
    public bool End() => _notes.TryAdd(Over, "");

    /// <summary>The expert step with which the round is trained; <paramref name="otherwise"/> if none is noted yet, which is noted then.</summary>
    public long Last(long otherwise)
    {
        if (!_notes.TryGetValue(LastStep, out var last))
        {
            _notes[LastStep] = last = otherwise.ToString(CultureInfo.InvariantCulture);
        }

        return long.Parse(last, CultureInfo.InvariantCulture);
    }

    /// <summary>Notes the figures of a trained round, for an update that has to be sent again.</summary>
    public void Keep(IReadOnlyDictionary<string, double> metrics)
    {
        foreach (var (name, value) in metrics)
        {
            _notes[Metric + name] = value.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static string Name(RoundPlan plan) => string.Create(CultureInfo.InvariantCulture, $"{plan.Round} of '{plan.Run}' from version {plan.Version}, seed {plan.InitialSeed}");
}
