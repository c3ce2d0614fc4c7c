namespace CoMiGS.Routing;

/// <summary>What one layer's router did with the tokens it saw.</summary>
public sealed class LayerRouting
{
    private readonly double[] _mass;
    private readonly long[] _selected;
    private readonly List<float[]>? _gates;

    internal LayerRouting(string name, int experts, int generalists, bool keepTokens)
    {
        Name = name;
        Generalists = generalists;
        _mass = new double[experts];
        _selected = new long[experts];
        _gates = keepTokens ? [] : null;
    }

    /// <summary>Path of the block in the model, for example <c>h.0.mlp</c>.</summary>
    public string Name { get; }

    /// <summary>n, the number of experts; the first <see cref="Generalists"/> of them are generalists.</summary>
    public int Experts => _mass.Length;

    /// <summary>G, the number of generalists.</summary>
    public int Generalists { get; }

    /// <summary>How many tokens have been routed.</summary>
    public long Tokens { get; private set; }

    /// <summary>Share of the total gate weight that expert <paramref name="expert"/> received, in [0, 1].</summary>
    public double Share(int expert) => Tokens == 0 ? 0 : _mass[expert] / _mass.Sum();

    /// <summary>Share of the total gate weight that all generalists received together.</summary>
    public double GeneralistShare => Enumerable.Range(0, Generalists).Sum(Share);

    /// <summary>Share of the tokens that took expert <paramref name="expert"/> at all.</summary>
    public double SelectionRate(int expert) => Tokens == 0 ? 0 : (double)_selected[expert] / Tokens;

    /// <summary>The gates of every token in the order seen, n numbers each; empty unless tokens were kept.</summary>
    public IReadOnlyList<float[]> Gates => _gates ?? (IReadOnlyList<float[]>)[];

    internal void Add(ReadOnlySpan<float> gates)
    {
        for (var start = 0; start < gates.Length; start += Experts)
        {
            var token = gates.Slice(start, Experts);
            for (var j = 0; j < token.Length; j++)
            {
                _mass[j] += token[j];
                _selected[j] += token[j] > 0 ? 1 : 0;
            }

            Tokens++;
            _gates?.Add(token.ToArray());
        }
    }
}
