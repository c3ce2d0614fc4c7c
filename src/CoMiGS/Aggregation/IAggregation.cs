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

    /// <summary>Adds the update of a device; keeps no reference to its memory unless the strategy needs all updates (<see cref="UpdateAccess.All"/>).</summary>
    /// <param name="device">What the device shares.</param>
    /// <param name="update">The update.</param>
    void Add(DeviceShare device, ExpertUpdate update);

    /// <summary>Ends the round; nothing can be added any more.</summary>
    /// <returns>The next shared parameters, as the strategy keeps them.</returns>
    /// <exception cref="InvalidOperationException">Nothing was added.</exception>
    TensorSet Complete();
}
