using CoMiGS.Transport;

namespace CoMiGS.Aggregation;

/// <summary>How the updates of a round become the next shared parameters.</summary>
/// <remarks>
/// A strategy sees updates and never a model. One instance serves one run, round after round, so it may keep state between rounds; such state
/// must follow from the updates alone and be saved with <see cref="SaveState"/>, or a resumed run would end elsewhere than an undisturbed one. Calls come one at a time.
/// </remarks>
public interface IAggregationStrategy
{
    /// <summary>Its name, as tables and logs show it.</summary>
    string Name { get; }

    /// <summary>What it needs of the run. The same at every call.</summary>
    /// <value>Default: the sum of updates with the same shapes.</value>
    AggregationNeeds Needs => new();

    /// <summary>Why this strategy cannot take a device; asked at every check-in, after what <see cref="Needs"/> says has been held against it.</summary>
    /// <param name="device">What the device shares.</param>
    /// <param name="first">What the device shares that was admitted first; null when this is the first.</param>
    /// <returns>A sentence that says what to do; null when it can.</returns>
    string? Objection(DeviceShare device, DeviceShare? first);

    /// <summary>Why this strategy cannot lead rounds of so many devices; asked before the run, for the number that a round waits for.</summary>
    /// <param name="devices">How many.</param>
    /// <returns>A sentence that says what fits; null when it can. Default: it can lead any number.</returns>
    string? Objection(int devices) => null;

    /// <summary>What the devices of a round are to share, for a strategy whose needs say that it assigns it. Called once when a round opens, and for each device that joins it later.</summary>
    /// <param name="moment">Where the run is.</param>
    /// <param name="devices">What each device checked in with.</param>
    /// <returns>One for each device, in their order. Default: what they checked in with.</returns>
    IReadOnlyList<DeviceShare> Assign(RunMoment moment, IReadOnlyList<DeviceShare> devices) => devices;

    /// <summary>The shared parameters before the first round, for a strategy that has to know them.</summary>
    /// <param name="first">What the device shares that was admitted first.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <returns>Default: none. Devices draw them from the seed, and nothing is downloaded.</returns>
    TensorSet Start(DeviceShare first, long seed) => TensorSet.Empty;

    /// <summary>Begins a round.</summary>
    /// <param name="moment">Where the run is.</param>
    /// <returns>What collects the updates of the round.</returns>
    IAggregation Begin(RunMoment moment);

    /// <summary>What a device gets of the shared parameters. A pure function: a device that asks twice gets the same.</summary>
    /// <param name="moment">Where the run is.</param>
    /// <param name="device">What the device shares.</param>
    /// <returns>Default: all of them.</returns>
    TensorSet View(RunMoment moment, DeviceShare device)
    {
        ArgumentNullException.ThrowIfNull(moment);
        return moment.Shared;
    }

    /// <summary>What it keeps between rounds besides the shared parameters; a coordinator with a store asks for it at the end of every round.</summary>
    /// <returns>Default: nothing, empty.</returns>
    ReadOnlyMemory<byte> SaveState() => ReadOnlyMemory<byte>.Empty;

    /// <summary>Goes on from what <see cref="SaveState"/> returned, in this process or another, to the same bits.</summary>
    /// <param name="state">The state; what the strategy has kept so far is forgotten.</param>
    void RestoreState(ReadOnlyMemory<byte> state)
    {
    }
}
