namespace CoMiGS.Kernels;

/// <summary>
/// The gradients of <see cref="MixForward{TLanes,TCombine}"/>, with the hidden states computed again tile by tile. With G = dL/dH and g_j = dL/dv_j:
/// <code>
///   e_j = G + A_j^T g_j        dw_j = e_j . c(z_j)        d_ji = w_j e_j dc/dz_i
///   dP_i = sum_j d_ji        du_ji = B_ji^T d_ji        dB_ji = d_ji u_ji^T        dA_j = w_j g_j c(z_j)^T     (the last two summed over tokens)
/// </code>
/// </summary>
/// <typeparam name="TLanes">The register.</typeparam>
/// <typeparam name="TCombine">c.</typeparam>
internal sealed unsafe class MixBackward<TLanes, TCombine>(MixShape shape, MixOperands operands, MixGradients gradients)
    where TLanes : struct, ILanes<TLanes>
    where TCombine : struct, ICombine
{
    /// <summary>Computes the tiles of one group.</summary>
    /// <param name="group">Which.</param>
    /// <param name="expansion">du: (N, n, m, r), zero before; the part of the sum that this group's columns contribute.</param>
    /// <param name="gates">dw: (N, n), likewise.</param>
    public void Run(int group, float* expansion, float* gates)
    {
        var sums = gradients.Up is not null;
        using var scratch = new Scratch(((sums ? 2 : 1) * Factors.Floats(shape)) + BackwardTile.Floats(shape), BackwardTile.Pieces + 4);
        var factors = new Factors(shape, scratch);
        var added = sums ? new Factors(shape, scratch) : default;
        var work = new BackwardTile(shape, scratch);
        var (tile, end) = shape.TilesOf(group);
        for (; tile < end; tile++)
        {
            var column = tile * MixShape.Width;
            factors.Read(operands, column);
            if (sums)
            {
                added.Clear();
            }

            for (var begin = 0; begin < shape.Tokens; begin += TokenBlock.Tokens)
            {
                var count = Math.Min(TokenBlock.Tokens, shape.Tokens - begin);
                work.Begin(operands, gradients.Hidden, begin, count, column);
                for (var j = 0; j < shape.Experts; j++)
                {
                    var taken = Expert(j, begin, count, factors, work, expansion, gates);
                    if (sums && taken > 0)
                    {
                        work.AddTo<TLanes>(added, j, taken);
                    }
                }

                work.End(operands.Type, gradients.Projected, begin, count, column);
            }

            if (sums)
            {
                added.Write(gradients.Up, gradients.Down, column);
            }
        }
    }

    /// <summary>One expert on the tokens of a block that selected it.</summary>
    /// <returns>How many.</returns>
    private int Expert(int j, int begin, int count, in Factors factors, in BackwardTile work, float* expansion, float* gates)
    {
        var taken = 0;
        for (var t = begin; t < begin + count; t++)
        {
            var slot = ((long)t * shape.Experts) + j;
            if (operands.Selected is not null && !operands.Selected[slot])
            {
                continue;
            }

            var inputs = slot * shape.Inputs * shape.Rank;
            var outer = gradients.Projection + (slot * shape.Rank);
            work.Take(taken, operands.Expansion + inputs, outer, operands.Gates[slot]);
            work.Block.Expand<TLanes, TCombine>(factors, t - begin, j, operands.Expansion + inputs);
            LowRank.Expand<TLanes>(work.Incoming[t - begin], outer, factors.DownOf(j), shape.Rank, MixShape.Width, work.Error[0]);
            gates[slot] += Combine(work, taken, t - begin, operands.Gates[slot]);
            for (var i = 0; i < shape.Inputs; i++)
            {
                LowRank.Project<TLanes>(work.Changes[i, taken], factors.UpOf(j, i), shape.Rank, MixShape.Width, expansion + inputs + ((long)i * shape.Rank));
            }

            taken++;
        }

        return taken;
    }

    /// <summary>c(z) and d_i of one token; adds d_i to dP_i.</summary>
    /// <returns>e . c(z).</returns>
    private static float Combine(in BackwardTile work, int taken, int row, float gate)
    {
        var w = TLanes.Of(gate);
        var dot = TLanes.Of(0);
        float* first = work.Block.First, second = work.Block.Second, error = work.Error[0], state = work.States[taken];
        float* change = work.Changes[0, taken], total = work.Outgoing[0, row];
        float* change2 = TCombine.Inputs == 2 ? work.Changes[1, taken] : null, total2 = TCombine.Inputs == 2 ? work.Outgoing[1, row] : null;
        for (var v = 0; v < MixShape.Width; v += TLanes.Count)
        {
            var e = TLanes.Load(error + v);
            var h = TCombine.Backward(TLanes.Load(first + v), TCombine.Inputs == 2 ? TLanes.Load(second + v) : default, out var byFirst, out var bySecond);
            dot = TLanes.MultiplyAdd(e, h, dot);
            h.Store(state + v);
            e *= w;
            var d = e * byFirst;
            d.Store(change + v);
            (TLanes.Load(total + v) + d).Store(total + v);
            if (TCombine.Inputs == 2)
            {
                d = e * bySecond;
                d.Store(change2 + v);
                (TLanes.Load(total2 + v) + d).Store(total2 + v);
            }
        }

        return TLanes.Sum(dot);
    }
}
