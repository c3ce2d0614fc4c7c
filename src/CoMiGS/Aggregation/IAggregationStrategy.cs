using CoMiGS.Transport;

namespace CoMiGS.Aggregation;

/// <summary>How the updates of a round become the next shared parameters.</summary>
/// <remarks>
/// A strategy sees updates and never a model. One instance serves one run, round after round, so it may keep state between rounds; such state
/// must follow from the updates alone, or a resumed run would end elsewhere than an undisturbed one. Calls come one at a time.
/// </remarks>
public interface IAggregationStrategy
{
    /// <summary>Its name, as tables and logs show it.</summary>
    string Name { get; }

    /// <summary>Why this strategy cannot combine such parameters; asked when a device first checks in.</summary>
    /// <param name="parameters">The shared parameters of the run.</param>
    /// <returns>A sentence that says what to do; null when it can.</returns>
    string? Objection(IReadOnlyList<TensorSpec> parameters);

    /// <summary>Begins a round.</summary>
    /// <param name="parameters">The shared parameters of the run; every update of the round has exactly these.</param>
    /// <returns>What collects the updates of the round.</returns>
    IAggregation Begin(IReadOnlyList<TensorSpec> parameters);
}
