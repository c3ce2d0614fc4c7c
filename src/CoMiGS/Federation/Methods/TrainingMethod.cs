using CoMiGS.Transport;

namespace CoMiGS.Federation.Methods;

/// <summary>Something a device does around its training, such as choosing among what it downloads: passes everything on but what it overrides.</summary>
/// <param name="inner">What it goes around.</param>
public abstract class TrainingMethod(ILocalTraining inner) : ILocalTraining
{
    /// <inheritdoc/>
    public virtual string BaseFingerprint => Inner.BaseFingerprint;

    /// <inheritdoc/>
    public virtual long Samples => Inner.Samples;

    /// <inheritdoc/>
    public virtual IReadOnlyList<TensorSpec> SharedParameters => Inner.SharedParameters;

    /// <inheritdoc/>
    public virtual IReadOnlyList<AdapterPair> Adapters => Inner.Adapters;

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> Abilities => Inner.Abilities;

    /// <summary>What it goes around.</summary>
    protected ILocalTraining Inner { get; } = inner;

    /// <summary>Compares the plan with <see cref="SharedParameters"/>, which may be others than those of what it goes around.</summary>
    /// <inheritdoc/>
    public virtual string? Accept(RoundPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return SignatureDifference.Describe(plan.Shared, SharedParameters);
    }

    /// <inheritdoc/>
    public virtual bool GoesOn(RoundPlan plan) => Inner.GoesOn(plan);

    /// <inheritdoc/>
    public virtual void StartsFrom(RoundPlan plan, TensorSet? parameters) => Inner.StartsFrom(plan, parameters);

    /// <inheritdoc/>
    public virtual void InitialiseShared(long seed) => Inner.InitialiseShared(seed);

    /// <inheritdoc/>
    public virtual void Import(TensorSet parameters) => Inner.Import(parameters);

    /// <inheritdoc/>
    public virtual TensorSet Export() => Inner.Export();

    /// <inheritdoc/>
    public virtual IReadOnlyDictionary<string, double> Train(int steps, int horizon, CancellationToken cancellationToken) =>
        Inner.Train(steps, horizon, cancellationToken);

    /// <inheritdoc/>
    public virtual void Finish(CancellationToken cancellationToken) => Inner.Finish(cancellationToken);
}
