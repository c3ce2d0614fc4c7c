using CoMiGS.Aggregation;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>
/// Makes an update small before it leaves a device. What a round added is rounded to the type that the plan asks for, and what rounding took away is added to the next
/// round's: error feedback (Seide et al. 2014; Karimireddy et al. 2019, arXiv 1901.09847), so that nothing is lost for good.
/// <code>
///   send  q = round(theta - theta_t + e_t)        keep  e_(t+1) = theta - theta_t + e_t - q
/// </code>
/// </summary>
internal sealed class UpdatePacking(RoundingRest rest)
{
    /// <param name="update">Values in float32.</param>
    /// <param name="start">What the round began with; null where it was drawn from the seed, which the coordinator cannot take differences to.</param>
    /// <param name="type">What the plan asks for.</param>
    /// <returns>The update to send. One with numbers that are not finite goes as it is, for the coordinator to say so.</returns>
    public ExpertUpdate Pack(ExpertUpdate update, TensorSet? start, TensorType type)
    {
        if (type == TensorType.Float32 || update.Tensors.Any(tensor => AggregationLimits.FirstBeyond(tensor.AsFloats(), float.MaxValue) >= 0))
        {
            return update;
        }

        rest.Enter(update.Round);
        var packed = new List<NamedTensor>(update.Tensors.Count);
        var left = new List<NamedTensor>(update.Tensors.Count);
        for (var i = 0; i < update.Tensors.Count; i++)
        {
            var spec = update.Tensors[i].Spec;
            var wanted = update.Tensors[i].ToFloats();
            Add(wanted, start?[i], -1);
            Add(wanted, rest.Of(spec), 1);
            var sent = NamedTensor.FromFloats(spec.Name, spec.Shape.AsSpan(), wanted, type);
            Add(wanted, sent, -1);
            packed.Add(sent);
            left.Add(NamedTensor.FromFloats(spec.Name, spec.Shape.AsSpan(), wanted));
        }

        rest.Leave(new TensorSet(left));
        return update with { Tensors = new TensorSet(packed), Content = start is null ? UpdateContent.Values : UpdateContent.Differences };
    }

    /// <summary>The update of a round was not counted: nothing of it is owed.</summary>
    public void Withdraw(int round) => rest.Undo(round);

    private static void Add(float[] values, NamedTensor? tensor, float sign)
    {
        if (tensor is not null)
        {
            var other = tensor.ToFloats();
            for (var i = 0; i < values.Length; i++)
            {
                values[i] += sign * other[i];
            }
        }
    }
}
