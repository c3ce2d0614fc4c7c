using CoMiGS.Aggregation;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>What an update must be before it counts: the content side; whether it is due is the round's business.</summary>
internal sealed class UpdateGate(IReadOnlyList<TensorSpec> shared, string baseFingerprint, float maximumMagnitude)
{
    /// <param name="update">The update.</param>
    /// <param name="samples">The sample count that its device checked in with.</param>
    /// <returns>The refusal; null when the update may count.</returns>
    public UpdateReceipt? Refuse(ExpertUpdate update, long samples)
    {
        if (update.BaseFingerprint != baseFingerprint)
        {
            return UpdateReceipt.Refuse(RefusalCode.BaseFingerprint, BaseModel.Objection(baseFingerprint, update.BaseFingerprint));
        }

        if (SignatureDifference.Describe(shared, update.Tensors.Specs) is { } difference)
        {
            return UpdateReceipt.Refuse(RefusalCode.Signature, difference);
        }

        if (update.Samples != samples)
        {
            return UpdateReceipt.Refuse(RefusalCode.Samples, $"The update counts {update.Samples} samples, but the device checked in with {samples}. Send the count of the check-in.");
        }

        return update.Tensors.Select(RefuseValues).FirstOrDefault(refusal => refusal is not null);
    }

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
