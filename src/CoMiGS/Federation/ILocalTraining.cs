using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>
/// What a device does between download and upload. <see cref="MoeLocalTraining"/> does it with a model with experts and the bi-level trainer; a host
/// with a training loop of its own implements this.
/// </summary>
/// <remarks>
/// Calls come one at a time and never overlap, but not always on the same thread. <see cref="SharedParameters"/> is the allow-list of the wire: the
/// federation sends what <see cref="Export"/> returns and nothing else. Exceptions end the device's part in the run.
/// </remarks>
public interface ILocalTraining
{
    /// <summary>The fingerprint of the frozen base model.</summary>
    string BaseFingerprint { get; }

    /// <summary>The size of the training data.</summary>
    long Samples { get; }

    /// <summary>Names, types and shapes of the parameters that leave the device, in a fixed order; empty to share nothing. Ranks may fall from round to round.</summary>
    IReadOnlyList<TensorSpec> SharedParameters { get; }

    /// <summary>Which of the shared parameters are factors of one low-rank update, and at what scale.</summary>
    /// <value>Default: none, every tensor stands for itself.</value>
    IReadOnlyList<AdapterPair> Adapters => [];

    /// <summary>What the device can do besides training, by the names that strategies ask for.</summary>
    /// <value>Default: nothing.</value>
    IReadOnlyList<string> Abilities => [];

    /// <summary>Told what it is to share in a round, before anything is downloaded.</summary>
    /// <param name="plan">The plan of the round.</param>
    /// <returns>Why it cannot; null if it can. Default: it shares <see cref="SharedParameters"/>, and nothing else.</returns>
    string? Accept(RoundPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return SignatureDifference.Describe(plan.Shared, SharedParameters);
    }

    /// <summary>
    /// Told which round comes next. A training that has begun this very round before, in this process or in one that was killed, says so: then nothing is
    /// downloaded into it, and <see cref="Train"/> makes the steps that are missing.
    /// </summary>
    /// <param name="plan">The plan of the round.</param>
    /// <returns>Whether the round goes on instead of beginning. Default: it always begins.</returns>
    bool GoesOn(RoundPlan plan) => false;

    /// <summary>Told what the round starts from, whether it begins or goes on; for a training that compares itself with it.</summary>
    /// <param name="plan">The plan of the round.</param>
    /// <param name="parameters">What was downloaded; null when the shared parameters are drawn from the plan's seed.</param>
    void StartsFrom(RoundPlan plan, TensorSet? parameters)
    {
    }

    /// <summary>Draws the first shared parameters: the same numbers from the same seed on every device.</summary>
    /// <param name="seed">The seed.</param>
    void InitialiseShared(long seed);

    /// <summary>Replaces the shared parameters, all or none.</summary>
    /// <param name="parameters">Their new values, exactly as <see cref="SharedParameters"/> lists them.</param>
    /// <exception cref="ArgumentException">The tensors are not those of <see cref="SharedParameters"/>; nothing is changed.</exception>
    void Import(TensorSet parameters);

    /// <summary>Copies the shared parameters.</summary>
    /// <returns>Their values, exactly as <see cref="SharedParameters"/> lists them.</returns>
    TensorSet Export();

    /// <summary>Trains.</summary>
    /// <param name="steps">How many steps the round has.</param>
    /// <param name="horizon">How many steps the whole run has, over which a learning rate may fall.</param>
    /// <param name="cancellationToken">Looked at before every step.</param>
    /// <returns>Figures to report with the update, for example <c>loss</c>.</returns>
    IReadOnlyDictionary<string, double> Train(int steps, int horizon, CancellationToken cancellationToken);

    /// <summary>Told that the run is over and the last shared parameters are in place: for what is settled once, such as a last look at validation data. A device that is killed meanwhile is told again.</summary>
    /// <param name="cancellationToken">Leaves off.</param>
    void Finish(CancellationToken cancellationToken)
    {
    }
}
