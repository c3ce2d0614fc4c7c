using System.Runtime.InteropServices;
using CoMiGS.Transport;

namespace CoMiGS.Aggregation.ServerOptimizer;

/// <summary>One optimizer over named tensors, whose gradient is the way from a mean to where it is; in double precision, number by number.</summary>
/// <param name="method">How it steps.</param>
/// <param name="options">Rates.</param>
/// <param name="corrected">Whether moments begin at zero and are corrected for that, as in Adam; FedAdam begins its squares at tau^2 and corrects nothing.</param>
internal sealed class ServerStep(ServerMethod method, ServerOptimizerOptions options, bool corrected = false)
{
    private readonly Dictionary<string, (double[] First, double[] Second, int Steps)> _moments = new(StringComparer.Ordinal);
    private readonly double _rate = options.LearningRate ?? (method == ServerMethod.Momentum ? 1 : 0.01);

    /// <summary>The next values.</summary>
    /// <param name="current">Where it is.</param>
    /// <param name="mean">Where the devices came to.</param>
    public NamedTensor Next(NamedTensor current, NamedTensor mean)
    {
        var (from, to) = (current.AsFloats().ToArray(), mean.AsFloats().ToArray());
        return NamedTensor.FromFloats(current.Spec.Name, current.Spec.Shape.AsSpan(), Next(current.Spec.Name, from, [.. from.Zip(to, (x, y) => (double)y - x)]));
    }

    /// <param name="name">Whose moments to use.</param>
    /// <param name="from">Where it is.</param>
    /// <param name="delta">Where the devices went.</param>
    public float[] Next(string name, float[] from, double[] delta)
    {
        if (!_moments.TryGetValue(name, out var moments))
        {
            var square = corrected ? 0 : options.Tau * options.Tau;
            moments = (new double[from.Length], method == ServerMethod.Momentum ? [] : [.. from.Select(_ => square)], 0);
        }

        moments.Steps++;
        _moments[name] = moments;
        var (ofFirst, ofSecond) = corrected ? (1 - Math.Pow(options.Beta1, moments.Steps), 1 - Math.Pow(options.Beta2, moments.Steps)) : (1, 1);

        var next = new float[from.Length];
        for (var i = 0; i < from.Length; i++)
        {
            next[i] = (float)(from[i] + (_rate * (method == ServerMethod.Momentum ? Momentum(moments.First, delta, i) : Adaptive(moments.First, moments.Second, delta, i, ofFirst, ofSecond))));
        }

        return next;
    }

    /// <summary>The moments of all tensors, in the order of their names.</summary>
    public ReadOnlyMemory<byte> Save()
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        foreach (var (name, (first, second, steps)) in _moments.OrderBy(moment => moment.Key, StringComparer.Ordinal))
        {
            writer.Write(name);
            Write(writer, first);
            Write(writer, second);
            writer.Write(steps);
        }

        return memory.GetBuffer().AsMemory(0, (int)memory.Length);
    }

    /// <summary>Goes on from what <see cref="Save"/> returned.</summary>
    /// <exception cref="InvalidOperationException">It was the state of another method.</exception>
    public void Restore(ReadOnlyMemory<byte> state)
    {
        _moments.Clear();
        using var reader = new BinaryReader(new MemoryStream(state.ToArray(), writable: false));
        while (reader.BaseStream.Position < state.Length)
        {
            var (name, first, second, steps) = (reader.ReadString(), Read(reader), Read(reader), reader.ReadInt32());
            if (second.Length != (method == ServerMethod.Momentum ? 0 : first.Length))
            {
                throw new InvalidOperationException($"The state is another optimizer's: it holds {(second.Length == 0 ? "no" : "a")} mean of squares for {name}, and {method} keeps {(second.Length == 0 ? "one" : "none")}. Go on with the optimizer that the run was begun with.");
            }

            _moments[name] = (first, second, steps);
        }
    }

    private static void Write(BinaryWriter writer, double[] values)
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private static double[] Read(BinaryReader reader)
    {
        var values = new double[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private double Momentum(double[] first, double[] delta, int i)
    {
        first[i] = (options.Beta1 * first[i]) + delta[i];
        return options.Nesterov ? delta[i] + (options.Beta1 * first[i]) : first[i];
    }

    private double Adaptive(double[] first, double[] second, double[] delta, int i, double ofFirst, double ofSecond)
    {
        var square = delta[i] * delta[i];
        first[i] = (options.Beta1 * first[i]) + ((1 - options.Beta1) * delta[i]);
        second[i] = method == ServerMethod.Adam
            ? (options.Beta2 * second[i]) + ((1 - options.Beta2) * square)
            : second[i] - ((1 - options.Beta2) * square * Math.Sign(second[i] - square));
        return first[i] / ofFirst / (Math.Sqrt(second[i] / ofSecond) + options.Tau);
    }
}
