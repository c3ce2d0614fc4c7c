namespace CoMiGS.Experiments.Results;

/// <summary>The beginning of a user's test text, and the expert that each of its bytes prefers in the first and in the last layer with routers.</summary>
/// <param name="Text">Whole characters.</param>
/// <param name="Layers">One, or two.</param>
public sealed record RoutedPassage(string Text, IReadOnlyList<RoutedLayer> Layers);

/// <summary>What one layer's router did with a passage.</summary>
/// <param name="Layer">Which layer with routers, counted from 1.</param>
/// <param name="Generalists">The first so many experts are generalists.</param>
/// <param name="Top">For each byte of the passage, the expert with the largest gate, counted from 0; of equals the first.</param>
public sealed record RoutedLayer(int Layer, int Generalists, IReadOnlyList<int> Top)
{
    /// <summary>The path of its router's block in the model.</summary>
    /// <value>Null in results that were written before it was kept.</value>
    public string? Path { get; init; }

    /// <summary>Whether a coordinator assigns its other experts (FedAMoLE), so that the second of one device is not the second of another.</summary>
    public bool IsAssigned { get; init; }
}
