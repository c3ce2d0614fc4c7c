using CoMiGS.Routing;

namespace CoMiGS.Models.Generation;

/// <summary>The experts' weights for every token of a text, the prompt's first, in every layer: what each token was routed to when the model first read it.</summary>
public sealed class RoutingTrace
{
    private readonly List<float[][]> _tokens = []; // by token: layers x experts

    internal RoutingTrace()
    {
    }

    /// <summary>Paths of the layers with experts, for example <c>h.0.mlp</c>.</summary>
    public IReadOnlyList<string> Layers { get; private set; } = [];

    /// <summary>Number of tokens: all of the prompt and of the continuation.</summary>
    public int Tokens => _tokens.Count;

    /// <summary>The weight of every expert, generalists first; zero where an expert was not selected.</summary>
    /// <param name="token">Number of the token, from 0.</param>
    /// <param name="layer">Number in <see cref="Layers"/>.</param>
    public IReadOnlyList<float> this[int token, int layer] => _tokens[token][layer];

    /// <summary>Adds the token that stood at <paramref name="index"/> of a recorded pass.</summary>
    internal void Add(RoutingStatistics pass, int index)
    {
        if (_tokens.Count == 0)
        {
            Layers = [.. pass.Layers.Select(layer => layer.Name)];
        }

        _tokens.Add([.. pass.Layers.Select(layer => layer.Gates[index])]);
    }
}
