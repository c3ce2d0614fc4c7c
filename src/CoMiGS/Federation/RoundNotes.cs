using System.Globalization;
using CoMiGS.Training;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>What a device notes with its training state about the round it is in, so that another process can finish that round and not begin it twice.</summary>
internal sealed class RoundNotes
{
    private const string Round = "round";
    private const string LastStep = "round.last_step";
    private const string Figure = "round.figure.";
    private const string Steps = "steps", Loss = "loss", RouterSteps = "router_steps", RouterLoss = "router_loss", Tokens = "tokens";
    private const string Over = "run.over";
    private readonly IDictionary<string, string> _notes;

    /// <param name="notes">Saved with the training state.</param>
    public RoundNotes(IDictionary<string, string> notes) => _notes = notes;

    /// <summary>Figures of the round so far, by whichever process its steps were made.</summary>
    public IReadOnlyDictionary<string, double> Metrics
    {
        get
        {
            var metrics = new Dictionary<string, double> { [Tokens] = Sum(Tokens) };
            foreach (var (loss, steps) in new[] { (Loss, Steps), (RouterLoss, RouterSteps) })
            {
                if (Sum(steps) > 0)
                {
                    metrics[loss] = Sum(loss) / Sum(steps);
                }
            }

            return metrics;
        }
    }

    /// <summary>Whether the notes are of this round, from the same shared parameters.</summary>
    public bool AreOf(RoundPlan plan) => _notes.TryGetValue(Round, out var round) && round == Name(plan) && _notes.ContainsKey(LastStep);

    /// <summary>Begins a round; what was noted of another is forgotten.</summary>
    public void Begin(RoundPlan plan)
    {
        foreach (var old in _notes.Keys.Where(key => key == LastStep || key.StartsWith(Figure, StringComparison.Ordinal)).ToList())
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

    /// <summary>Adds a step to the figures of the round.</summary>
    public void Add(StepReport step)
    {
        var (steps, loss) = step.Kind == StepKind.Expert ? (Steps, Loss) : (RouterSteps, RouterLoss);
        Add(steps, 1);
        Add(loss, step.Loss);
        Add(Tokens, step.Tokens);
    }

    private void Add(string figure, double value) => _notes[Figure + figure] = (Sum(figure) + value).ToString("R", CultureInfo.InvariantCulture);

    private double Sum(string figure) => _notes.TryGetValue(Figure + figure, out var sum) ? double.Parse(sum, CultureInfo.InvariantCulture) : 0;

    private static string Name(RoundPlan plan) => string.Create(CultureInfo.InvariantCulture, $"{plan.Round} of '{plan.Run}' from version {plan.Version}, seed {plan.InitialSeed}");
}
