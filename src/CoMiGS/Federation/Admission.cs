using CoMiGS.Aggregation;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>Who may take part: the gate for check-ins. The first device admitted settles what the options leave open.</summary>
internal sealed class Admission(RoundOptions options, IAggregationStrategy strategy, TensorSet? initial)
{
    /// <summary>The shared parameters of the run, once settled.</summary>
    public IReadOnlyList<TensorSpec> Shared => _shared ?? [];

    /// <summary>The base model of the run, once settled.</summary>
    public string BaseFingerprint => _baseFingerprint ?? "";

    private IReadOnlyList<TensorSpec>? _shared = options.Shared ?? (initial is { Count: > 0 } ? initial.Specs : null);
    private string? _baseFingerprint = options.BaseFingerprint;

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

        if (strategy.Objection(checkIn.Shared) is { } unfit)
        {
            return new Refused(checkIn.Shared.Count == 0 ? RefusalCode.NothingShared : RefusalCode.Signature, unfit);
        }

        if (_shared is not null && SignatureDifference.Describe(_shared, checkIn.Shared) is { } difference)
        {
            return new Refused(RefusalCode.Signature, difference);
        }

        if (_baseFingerprint is not null && _baseFingerprint != checkIn.BaseFingerprint)
        {
            return new Refused(RefusalCode.BaseFingerprint, BaseModel.Objection(_baseFingerprint, checkIn.BaseFingerprint));
        }

        _shared ??= checkIn.Shared;
        _baseFingerprint ??= checkIn.BaseFingerprint;
        return null;
    }
}
