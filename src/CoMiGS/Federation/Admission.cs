using CoMiGS.Aggregation;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>Who may take part: the gate for check-ins. The first device admitted settles what the options leave open.</summary>
internal sealed class Admission(RoundOptions options, IAggregationStrategy strategy, TensorSet? initial)
{
    private readonly Dictionary<string, DeviceShare> _shares = new(StringComparer.Ordinal);
    private IReadOnlyList<TensorSpec>? _shared = options.Shared ?? (initial is { Count: > 0 } ? initial.Specs : null);
    private string? _baseFingerprint = options.BaseFingerprint;

    /// <summary>What the first device admitted shares.</summary>
    public DeviceShare? First { get; private set; }

    /// <summary>The base model of the run, once settled.</summary>
    public string BaseFingerprint => _baseFingerprint ?? "";

    /// <summary>What a device shares, as it last checked in; null if it never did.</summary>
    public DeviceShare? ShareOf(string device) => _shares.GetValueOrDefault(device);

    public Refused? Refuse(CheckIn checkIn)
    {
        if (checkIn.Run != options.Run)
        {
            return new Refused(RefusalCode.UnknownRun, $"This coordinator leads the run {options.Run}, not {checkIn.Run}. Set the device's run to {options.Run}.");
        }

        if (checkIn.ProtocolVersion != ProtocolVersion.Current)
        {
            return new Refused(RefusalCode.Protocol, $"The device speaks protocol {checkIn.ProtocolVersion}, the coordinator {ProtocolVersion.Current}. Use the same CoMiGS version on both sides.");
        }

        if (SampleCount.Objection(checkIn.Samples) is { } samples)
        {
            return new Refused(RefusalCode.Samples, samples);
        }

        var share = DeviceShare.Of(checkIn);
        if (strategy.Needs.Ability is { } ability && !checkIn.Abilities.Contains(ability))
        {
            return new Refused(RefusalCode.Ability, $"{strategy.Name} needs devices with the ability '{ability}', and this one has {(checkIn.Abilities.Count == 0 ? "none" : string.Join(", ", checkIn.Abilities))}. {StrategyCatalog.WithoutAbility(share)}");
        }

        if (StrategyCatalog.Unserved(strategy, checkIn.Abilities) is { } unserved)
        {
            return new Refused(RefusalCode.Ability, unserved);
        }

        if ((share.Tensors.Count == 0 ? strategy.Objection(share, First) : null) is { } nothing)
        {
            return new Refused(RefusalCode.NothingShared, nothing);
        }

        if ((ShareFit.Objection(strategy, _shared, First, share) ?? strategy.Objection(share, First)) is { } unfit)
        {
            return new Refused(RefusalCode.Signature, unfit);
        }

        if (First is null && initial is { Count: > 0 } && StartObjection(initial, share) is { } otherStart)
        {
            return new Refused(RefusalCode.Signature, otherStart);
        }

        if (_baseFingerprint is not null && _baseFingerprint != checkIn.BaseFingerprint)
        {
            return new Refused(RefusalCode.BaseFingerprint, BaseModel.Objection(_baseFingerprint, checkIn.BaseFingerprint));
        }

        Settle(share, checkIn.BaseFingerprint);
        Admit(share);
        return null;
    }

    /// <summary>Why the strategy cannot go on from shared parameters, where it says by itself what they look like.</summary>
    /// <param name="given">The shared parameters.</param>
    /// <param name="first">What the device shares that is admitted first.</param>
    /// <returns>A sentence; null when it can.</returns>
    public string? StartObjection(TensorSet given, DeviceShare first) =>
        strategy.Start(first, options.InitialSeed) is { Count: > 0 } own && SignatureDifference.Describe(own.Specs, given.Specs) is { } difference
            ? $"{strategy.Name} cannot go on from these shared parameters, whose shapes are not those that its options make: {difference}"
            : null;

    /// <summary>What the options leave open follows from the first device, also when that was in another process.</summary>
    public void Settle(DeviceShare first, string baseFingerprint)
    {
        First ??= first;
        _shared ??= first.Tensors;
        _baseFingerprint ??= baseFingerprint;
    }

    /// <summary>Devices that share the same keep one list between them: a fleet takes the memory of its names.</summary>
    public void Admit(DeviceShare share) =>
        _shares[share.Device] = share.IsAlike(First!) ? share with { Tensors = First!.Tensors, Adapters = First.Adapters } : share;
}
