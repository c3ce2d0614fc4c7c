using CoMiGS.Aggregation;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>What an update must be before it counts: the content side; whether it is due is the round's business.</summary>
/// <param name="needs">What the strategy allows.</param>
/// <param name="baseFingerprint">The base model of the run.</param>
/// <param name="options">How large an update may be, and the type that the plan asks for.</param>
/// <param name="start">The shared parameters that the round begins with; empty where devices draw them from the seed.</param>
internal sealed class UpdateGate(AggregationNeeds needs, string baseFingerprint, RoundOptions options, TensorSet start)
{
    /// <param name="update">The update, as it came.</param>
    /// <param name="share">What its device checked in with.</param>
    /// <param name="values">The update with its values in float32, when it may count.</param>
    /// <returns>The refusal; null when the update may count.</returns>
    public UpdateReceipt? Refuse(ExpertUpdate update, DeviceShare share, out ExpertUpdate values)
    {
        values = update;
        if (Objection(update, share) is { } objection)
        {
            return objection;
        }

        values = InFull(update);
        return values.Tensors.Select(RefuseValues).FirstOrDefault(refusal => refusal is not null) ?? RefuseNorm(values.Tensors);
    }

    /// <summary>All that can be said of an update before memory is taken for its values.</summary>
    private UpdateReceipt? Objection(ExpertUpdate update, DeviceShare share)
    {
        if (update.BaseFingerprint != baseFingerprint)
        {
            return UpdateReceipt.Refuse(RefusalCode.BaseFingerprint, BaseModel.Objection(baseFingerprint, update.BaseFingerprint));
        }

        var differs = update.Content == UpdateContent.Differences;
        if (differs && (options.SendAs == TensorType.Float32 || start.Count == 0))
        {
            return UpdateReceipt.Refuse(RefusalCode.Signature, $"The update holds differences, but the plan {(start.Count == 0 ? "names no version to take them to" : "asks for float32")}. Send values.");
        }

        if (Difference([.. update.Tensors.Specs.Select(InFloat32)], share) is { } difference)
        {
            return UpdateReceipt.Refuse(RefusalCode.Signature, difference);
        }

        if (update.Samples != share.Samples)
        {
            return UpdateReceipt.Refuse(RefusalCode.Samples, $"The update counts {update.Samples} samples, but the device checked in with {share.Samples}. Send the count of the check-in.");
        }

        return null;
    }

    /// <summary>Only the type that was asked for stands for float32.</summary>
    private TensorSpec InFloat32(TensorSpec spec) => spec.Type == options.SendAs ? spec with { Type = TensorType.Float32 } : spec;

    private ExpertUpdate InFull(ExpertUpdate update) => update.Content == UpdateContent.Values
        ? update with { Tensors = update.Tensors.As(TensorType.Float32) }
        : update with { Content = UpdateContent.Values, Tensors = new TensorSet(update.Tensors.Zip(start, Sum)) };

    private static NamedTensor Sum(NamedTensor difference, NamedTensor from)
    {
        var values = difference.ToFloats();
        var start = from.AsFloats();
        for (var i = 0; i < values.Length; i++)
        {
            values[i] += start[i];
        }

        return NamedTensor.FromFloats(from.Spec.Name, from.Spec.Shape.AsSpan(), values);
    }

    private string? Difference(IReadOnlyList<TensorSpec> given, DeviceShare share) =>
        !needs.FallingRanks
            ? SignatureDifference.Describe(share.Tensors, given)
            : SignatureDifference.DescribeButForRanks(share.Tensors, given, AdapterPairs.RankDimensions(share.Adapters), (before, now) => now >= 1 && now <= before)
                ?? AdapterPairs.Flaw(given, share.Adapters);

    private UpdateReceipt? RefuseValues(NamedTensor tensor)
    {
        var values = tensor.AsFloats();
        var bad = AggregationLimits.FirstBeyond(values, options.MaximumMagnitude);
        if (bad < 0)
        {
            return null;
        }

        return float.IsFinite(values[bad])
            ? UpdateReceipt.Refuse(RefusalCode.Magnitude, $"Number {bad} of {tensor.Spec.Name} is beyond {options.MaximumMagnitude}: the training has diverged. Lower the learning rate.")
            : UpdateReceipt.Refuse(RefusalCode.NotFinite, $"Number {bad} of {tensor.Spec.Name} is not finite: the training has diverged. Lower the learning rate.");
    }

    /// <summary>Whether an update goes too far from what its device was given; where that is not kept here, whether it is too large as a whole.</summary>
    private UpdateReceipt? RefuseNorm(TensorSet values)
    {
        if (options.MaximumNorm is not { } most)
        {
            return null;
        }

        var known = !needs.DeviceViews && values.Specs.SequenceEqual(start.Specs);
        var norm = Math.Sqrt(values.Select((tensor, i) => Squares(tensor, known ? start[i] : null)).Sum());
        return norm <= most
            ? null
            : UpdateReceipt.Refuse(
                RefusalCode.Norm,
                $"The Euclidean norm of {(known ? "what the update changes" : "the update's numbers")} is {norm:G6}, beyond {most}: the training has diverged, or goes too far in one round. Lower the learning rate, or have the coordinator's MaximumNorm raised.");
    }

    /// <summary>The squares of all numbers, or of what they differ by, summed up in double precision: an update has millions.</summary>
    private static double Squares(NamedTensor to, NamedTensor? from)
    {
        var values = to.AsFloats();
        var start = from is not null ? from.AsFloats() : default;
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            var way = values[i] - (start.IsEmpty ? 0.0 : start[i]);
            sum += way * way;
        }

        return sum;
    }
}
