using CoMiGS.Parameters;

namespace CoMiGS.Models.Generation;

/// <summary>Chooses the next token from the logits. In double precision and in managed code, so that a seed gives the same tokens on every platform that gives the same logits.</summary>
internal sealed class TokenChoice
{
    private readonly double _temperature;
    private readonly int _topK;
    private readonly double _topP;

    public TokenChoice(GenerationOptions options)
    {
        _temperature = options.Temperature;
        _topK = options.TopK ?? int.MaxValue;
        _topP = options.TopP ?? 1;
    }

    /// <param name="logits">(V).</param>
    /// <param name="random">Advanced by one number unless the most likely token is taken.</param>
    public int Choose(ReadOnlySpan<float> logits, ref SeededRandom random)
    {
        var best = Best(logits);
        if (_temperature == 0)
        {
            return best;
        }

        var masses = new double[logits.Length]; // exp((z - max z) / T)
        for (var id = 0; id < masses.Length; id++)
        {
            masses[id] = Math.Exp(((double)logits[id] - logits[best]) / _temperature);
        }

        return Draw(masses, Nucleus(masses, Likeliest(masses)), random.NextDouble());
    }

    private static int Best(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var id = 0; id < logits.Length; id++)
        {
            if (float.IsNaN(logits[id]) || float.IsPositiveInfinity(logits[id]))
            {
                throw new InvalidOperationException($"The model gives token {id} the logit {logits[id]}, so no token can be chosen. Look for weights that are not finite, or for an overflow of the model's number type.");
            }

            best = logits[id] > logits[best] ? id : best;
        }

        return float.IsNegativeInfinity(logits[best])
            ? throw new InvalidOperationException("The model gives every token the logit -Infinity, so no token can be chosen.")
            : best;
    }

    /// <summary>The k likeliest ids, likeliest first, or null for all.</summary>
    private int[]? Likeliest(double[] masses)
    {
        if (_topK >= masses.Length)
        {
            return null;
        }

        var order = Comparer<int>.Create((a, b) => -Likelier(masses, a, b));
        var kept = new PriorityQueue<int, int>(_topK, order); // the least likely of those kept comes first
        for (var id = 0; id < masses.Length; id++)
        {
            if (kept.Count < _topK)
            {
                kept.Enqueue(id, id);
            }
            else
            {
                kept.EnqueueDequeue(id, id);
            }
        }

        return [.. kept.UnorderedItems.Select(item => item.Element).Order(Comparer<int>.Create((a, b) => Likelier(masses, a, b)))];
    }

    /// <summary>The fewest of the likeliest candidates that together have the probability p, likeliest first; or all candidates if p is 1.</summary>
    private int[]? Nucleus(double[] masses, int[]? candidates)
    {
        if (_topP >= 1)
        {
            return candidates;
        }

        candidates ??= [.. Enumerable.Range(0, masses.Length)];
        var total = candidates.Sum(id => masses[id]);

        // All tokens below this share weigh less than 1 - p together, so none of them is among the likeliest that make up p: no need to sort a whole vocabulary.
        var negligible = 0.999 * (1 - _topP) / candidates.Length * total;
        var sorted = Array.FindAll(candidates, id => masses[id] >= negligible);
        Array.Sort(sorted, (a, b) => Likelier(masses, a, b));
        double mass = 0;
        var count = 0;
        while (count < sorted.Length && (count == 0 || mass < _topP * total))
        {
            mass += masses[sorted[count++]];
        }

        return sorted[..count];
    }

    private static int Draw(double[] masses, int[]? candidates, double random)
    {
        var count = candidates?.Length ?? masses.Length;
        var target = random * Enumerable.Range(0, count).Sum(i => masses[Id(i)]);
        var last = 0;
        for (var i = 0; i < count; i++)
        {
            var mass = masses[Id(i)];
            target -= mass;
            if (target < 0)
            {
                return Id(i);
            }

            last = mass > 0 ? Id(i) : last; // if rounding leaves a rest, it belongs to the last token that is possible at all
        }

        return last;

        int Id(int i) => candidates is null ? i : candidates[i];
    }

    /// <summary>Negative if <paramref name="a"/> comes first.</summary>
    private static int Likelier(double[] masses, int a, int b) => masses[a] != masses[b] ? masses[b].CompareTo(masses[a]) : a.CompareTo(b);
}
