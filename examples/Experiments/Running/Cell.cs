using System.Security.Cryptography;
using System.Text.Json;
using CoMiGS.Experiments.Configuration;

namespace CoMiGS.Experiments.Running;

/// <summary>One method on one data set with one seed.</summary>
/// <param name="Data">The data set.</param>
/// <param name="Method">The method.</param>
/// <param name="Seed">The seed of adapters, batches and strategies; the base model has its own.</param>
/// <param name="Budget">What every device may spend.</param>
/// <param name="BaseKey">The hash of the base model's text and settings.</param>
public sealed record Cell(DataSet Data, MethodSpec Method, int Seed, BudgetSpec Budget, string BaseKey)
{
    // Grows when the same settings come to mean another computation.
    private const int Meaning = 1;

    /// <summary>
    /// A hash of everything that the figures depend on: text, base model, budget, method and seed, but neither names in tables nor the machine. A
    /// cell whose meaning changes has another key, and is run again; one that is only renamed is not.
    /// </summary>
    public string Key { get; } = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        new { Meaning, BaseKey, Data = Data.Hash, Budget, Method = Method.Nameless, Seed })))[..24];

    /// <summary>The cell in a few words.</summary>
    public string Title => $"{Data.Name}, {Method.Name}, seed {Seed}";

    /// <summary>All cells of an experiment, seed by seed, so that every method has a figure early on.</summary>
    public static IReadOnlyList<Cell> All(Experiment experiment, IReadOnlyList<DataSet> data, string baseKey)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return
        [
            .. from set in data
               from seed in experiment.Seeds
               from method in experiment.Methods
               select new Cell(set, method, seed, method.Spend(experiment.Budget with { Rounds = set.Rounds ?? experiment.Budget.Rounds }), baseKey),
        ];
    }
}
