using System.ComponentModel.DataAnnotations;
using CoMiGS.Aggregation;
using CoMiGS.Transport;
using CoMiGS.Validation;

namespace CoMiGS.Federation;

/// <summary>How a coordinator leads a run.</summary>
public sealed class RoundOptions : ICheckedOptions
{
    /// <summary>The name of the run; a device that wants another one is refused.</summary>
    /// <value>Default: <c>run</c>.</value>
    [Required(ErrorMessage = "Run is empty. Give the run a name.")]
    public string Run { get; set; } = "run";

    /// <summary>How many rounds the run has, T.</summary>
    /// <value>Default: 20.</value>
    [Allowed(1)]
    public int Count { get; set; } = 20;

    /// <summary>The quorum: a round never closes with fewer updates.</summary>
    /// <value>Default: 1.</value>
    [Allowed(1)]
    public int MinimumDevices { get; set; } = 1;

    /// <summary>How many devices a round waits for before it opens; with the number of all devices, results do not depend on who is first.</summary>
    /// <value>Default: null, which is <see cref="MinimumDevices"/>.</value>
    [Allowed(1)]
    public int? ExpectedDevices { get; set; }

    /// <summary>
    /// How long a round waits: for its expected devices before it opens, and for their updates before it closes. Afterwards a quorum is enough.
    /// Without a deadline a round waits for every device in it; one that left can come back and gets the same plan again.
    /// </summary>
    /// <value>Default: null, no deadline.</value>
    [Allowed(0, 30 * 24 * 3600, ExclusiveMinimum = true, Advice = "The deadline counts in seconds, and 30 days are the longest.")]
    public TimeSpan? Deadline { get; set; }

    /// <summary>The part of the waiting devices that a round takes, drawn from the seed; never fewer than <see cref="MinimumDevices"/>. The others go on waiting.</summary>
    /// <value>Default: 1, all of them.</value>
    [Allowed(0, 1, ExclusiveMinimum = true)]
    public double SampleFraction { get; set; } = 1;

    /// <summary>Closes a round as soon as so many updates count, without waiting for its other devices: with more devices in a round than that, stragglers delay nobody.</summary>
    /// <value>Default: null, a round waits for all of its devices or the deadline.</value>
    [Allowed(1)]
    public int? SufficientUpdates { get; set; }

    /// <summary>What becomes of an update that comes after its round has closed.</summary>
    /// <value>Default: <see cref="LateUpdates.Discard"/>.</value>
    public LateUpdates LateUpdates { get; set; }

    /// <summary>Steps that a device trains in a round, K.</summary>
    /// <value>Default: 10.</value>
    [Allowed(1)]
    public int LocalSteps { get; set; } = 10;

    /// <summary>The seed from which all devices draw the same first shared parameters.</summary>
    /// <value>Default: 42.</value>
    public long InitialSeed { get; set; } = 42;

    /// <summary>The fingerprint that the base model of every device must have.</summary>
    /// <value>Default: null, that of the first device to check in.</value>
    public string? BaseFingerprint { get; set; }

    /// <summary>The parameters that every device must share.</summary>
    /// <value>Default: null, those of the first device to check in.</value>
    public IReadOnlyList<TensorSpec>? Shared { get; set; }

    /// <summary>The largest magnitude of a number in an update.</summary>
    /// <value>Default: 1048576 (2^20), the most that exact sums have room for.</value>
    [Allowed(0, AggregationLimits.MaximumMagnitude, ExclusiveMinimum = true)]
    public float MaximumMagnitude { get; set; } = AggregationLimits.MaximumMagnitude;

    /// <summary>
    /// The largest Euclidean norm of what an update changes: all of its numbers, less those of the version that the open round began with. Its numbers themselves are bounded where its device was given
    /// others than that: drawn from the seed, before the first version, or a view of its own (<see cref="AggregationNeeds.DeviceViews"/>). An update beyond the bound is refused, and the round goes on.
    /// </summary>
    /// <value>Default: null, no bound.</value>
    [Allowed(0, ExclusiveMinimum = true, Advice = "It is finite; leave it null for no bound.")]
    public double? MaximumNorm { get; set; }

    /// <summary>
    /// The type in which shared parameters travel, up and down. Updates are rounded differences then, with error feedback; the coordinator keeps the shared parameters in
    /// float32, and the last download is in float32. A device that does not know the type sends float32.
    /// </summary>
    /// <value>Default: float32.</value>
    public TensorType SendAs { get; set; }

    /// <summary>How long a check-in is held open before the device is asked to come back.</summary>
    /// <value>Default: 30 seconds.</value>
    [Allowed(0, 3600, ExclusiveMinimum = true)]
    public TimeSpan CheckInWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest delay that a device is asked to come back after; the shortest is a tenth of it.</summary>
    /// <value>Default: 5 seconds.</value>
    [Allowed(0, 3600, ExclusiveMinimum = true)]
    public TimeSpan RetryWithin { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public IEnumerable<string> CrossFieldViolations()
    {
        if (ExpectedDevices < MinimumDevices)
        {
            yield return $"ExpectedDevices is {ExpectedDevices}, but MinimumDevices is {MinimumDevices}. Expect at least as many devices as a round must have.";
        }

        if (!Enum.IsDefined(SendAs))
        {
            yield return $"SendAs is {SendAs}. Use {string.Join(", ", Enum.GetNames<TensorType>())}.";
        }

        if (SufficientUpdates < MinimumDevices)
        {
            yield return $"SufficientUpdates is {SufficientUpdates}, but MinimumDevices is {MinimumDevices}. A round never closes with fewer: let at least as many suffice.";
        }
    }
}
