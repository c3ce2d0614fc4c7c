using CoMiGS.Aggregation;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>What an update must be before it counts: the content side; whether it is due is the round's business.</summary>
internal sealed class UpdateGate(AggregationNeeds needs, string baseFingerprint, float maximumMagnitude)
{
    /// <param name="update">The update.</param>
    /// <param name="share">What its device checked in with.</param>
    /// <returns>The refusal; null when the update may count.</returns>
    public UpdateReceipt? Refuse(ExpertUpdate update, DeviceShare share)
    {
        if (update.BaseFingerprint != baseFingerprint)
        {
            return UpdateReceipt.Refuse(RefusalCode.BaseFingerprint, BaseModel.Objection(baseFingerprint, update.BaseFingerprint));
        }

        if (Difference(update.Tensors.Specs, share) is { } difference)
        {
            return UpdateReceipt.Refuse(RefusalCode.Signature, difference);
        }

        if (update.Samples != share.Samples)
        {
            return UpdateReceipt.Refuse(RefusalCode.Samples, $"The update counts {update.Samples} samples, but the device checked in with {share.Samples}. Send the count of the check-in.");
        }

        return update.Tensors.Select(RefuseValues).FirstOrDefault(refusal => refusal is not null);
    }

    private string? Difference(IReadOnlyList<TensorSpec> given, DeviceShare share) =>
        !needs.FallingRanks
            ? SignatureDifference.Describe(share.Tensors, given)
            : SignatureDifference.DescribeButForRanks(share.Tensors, given, AdapterPairs.RankDimensions(share.Adapters), (before, now) => now >= 1 && now <= before)
                ?? AdapterPairs.Flaw(given, share.Adapters);

    private UpdateReceipt? RefuseValues(NamedTensor tensor)
    {
        var values = tensor.AsFloats();
        var bad = AggregationLimits.FirstBeyond(values, maximumMagnitude);
        if (bad < 0)
        {
            return null;
        }

        return float.IsFinite(values[bad])
            ? UpdateReceipt.Refuse(RefusalCode.Magnitude, $"Number {bad} of {tensor.Spec.Name} is beyond {maximumMagnitude}: the training has diverged. Lower the learning rate.")
            : UpdateReceipt.Refuse(RefusalCode.NotFinite, $"Number {bad} of {tensor.Spec.Name} is not finite: the training has diverged. Lower the learning rate.");
    }
}
