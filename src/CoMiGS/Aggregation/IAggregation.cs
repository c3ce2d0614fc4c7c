using CoMiGS.Transport;

namespace CoMiGS.Aggregation;

/// <summary>Collects the updates of one round.</summary>
/// <remarks>
/// The coordinator only adds updates that passed its gate: right names, types and shapes, finite numbers within
/// <see cref="AggregationLimits"/>, each device once. An implementation that throws must not have added anything.
/// </remarks>
public interface IAggregation
{
    /// <summary>How many updates were added.</summary>
    int Count { get; }

    /// <summary>Adds the update of a device; does not keep a reference to its memory unless the strategy needs all updates at once.</summary>
    /// <param name="update">The update.</param>
    void Add(ExpertUpdate update);

    /// <summary>Ends the round; nothing can be added any more.</summary>
    /// <returns>The next shared parameters.</returns>
    /// <exception cref="InvalidOperationException">Nothing was added.</exception>
    TensorSet Complete();
}
