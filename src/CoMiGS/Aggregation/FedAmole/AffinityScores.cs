using CoMiGS.Parameters;
using CoMiGS.Transport;

namespace CoMiGS.Aggregation.FedAmole;

/// <summary>
/// How much an expert wants a device: <c>P_ji = softmax over devices i of e_j . t_i / sqrt(r)</c>, where e_j is what the holders of the expert say it makes of their mean tokens, and t_i the embedding of the device's. Where
/// either is not known yet, as in the first round, a normal random number from the seed of the run stands for the product.
/// </summary>
internal static class AffinityScores
{
    /// <summary>P of every expert (row) on every device (column).</summary>
    /// <param name="products">What <see cref="Products"/> returns.</param>
    public static double[][] Of(double[][] products) => [.. products.Select(Softmax)];

    /// <summary>e_j . t_i / sqrt(r) of every expert (row) on every device (column); all that can be said where there is only one device, for every softmax over it is 1.</summary>
    public static double[][] Products(RunMoment moment, string layer, int experts, IReadOnlyList<string> devices)
    {
        var tokens = devices.Select(device => Read(moment.Shared, StateName(device, ExpertName.OfToken(layer)))).ToList();
        return [.. Enumerable.Range(0, experts).Select(id =>
        {
            var expert = Read(moment.Shared, new ExpertName(layer, id, ExpertName.Embedding).ToString());
            return devices.Zip(tokens, (device, token) => expert is null || token is null ? Random(moment, layer, id, device) : Product(expert, token)).ToArray();
        })];
    }

    /// <summary>What the coordinator calls a tensor that it keeps for a device.</summary>
    public static string StateName(string device, string tensor) => $"{device}/{tensor}";

    private static float[]? Read(TensorSet shared, string name) => shared.TryGet(name, out var tensor) ? tensor.AsFloats().ToArray() : null;

    private static double Product(float[] expert, float[] token) => expert.Zip(token, (e, t) => (double)e * t).Sum() / Math.Sqrt(expert.Length);

    private static double Random(RunMoment moment, string layer, int id, string device) =>
        new SeededRandom(new Seed(moment.Seed).For("fedamole").For(moment.Round).For(layer).For(device).For(id)).NextNormal();

    private static double[] Softmax(double[] logits)
    {
        var highest = logits.Max();
        double[] parts = [.. logits.Select(logit => Math.Exp(logit - highest))];
        var sum = parts.Sum();
        return [.. parts.Select(part => part / sum)];
    }
}
