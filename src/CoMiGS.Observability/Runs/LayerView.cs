namespace CoMiGS.Observability.Runs;

/// <summary>A layer, as viewers get it.</summary>
/// <param name="Layer">Its path in the model.</param>
/// <param name="Share">The generalists' share of the gates' weight, mean of the devices.</param>
internal sealed record LayerView(string Layer, double Share);
