using System.Globalization;
using CoMiGS.Experiments.Configuration;
using CoMiGS.Training;

namespace CoMiGS.Experiments.Reports;

/// <summary>The sentences that stand above and below the tables.</summary>
internal static class Facts
{
    public const string HowToRead =
        "Perplexity per byte over each user's whole test text, after the last synchronisation; mean ± standard deviation over the seeds. \"After local steps\" is what the devices had just trained, before that synchronisation. "
        + "Bytes are what all devices together send and receive in a round. Processor seconds, of all cores together, are those of one cell with all its devices and measurements in one process; peak memory is that of the process, with what earlier cells left in it to be used again: an upper bound.";

    public static string Budget(Experiment experiment)
    {
        var budget = experiment.Budget;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Every device and method, unless said otherwise: {budget.Rounds} rounds of {budget.LocalSteps} steps of {budget.BatchSize} windows of {experiment.Base.Window} bytes, AdamW {budget.LearningRate} falling along a cosine to a tenth, weight decay {budget.WeightDecay}; "
            + $"routers make {budget.RouterSteps} steps after every {budget.RouterEvery}. A centralized model makes as many steps, each over as many windows as all devices together. Seeds: {string.Join(", ", experiment.Seeds)}.{string.Concat(Otherwise(experiment))}");
    }

    private static IEnumerable<string> Otherwise(Experiment experiment)
    {
        foreach (var method in experiment.Methods)
        {
            var (common, own) = (experiment.Budget, method.Spend(experiment.Budget));
            List<string> differences = own.LocalSteps == common.LocalSteps ? [] : [$"{own.LocalSteps} steps a round"];
            if (method.Router)
            {
                differences.AddRange(method.Schedule switch
                {
                    RouterSchedule.Joint => ["routers learn in every step"],
                    RouterSchedule.EachRound => [$"routers make {own.RouterSteps} steps after each download"],
                    _ when (own.RouterEvery, own.RouterSteps) != (common.RouterEvery, common.RouterSteps) => [$"routers make {own.RouterSteps} steps after every {own.RouterEvery}"],
                    _ => Array.Empty<string>(),
                });
            }

            if (differences.Count > 0)
            {
                yield return $" {method.Name}: {string.Join(", ", differences)}.";
            }
        }
    }

    public static string BaseModel(Experiment experiment, Origin origin)
    {
        var model = experiment.Base;
        var text = experiment.BaseText is { } file ? Path.GetFileName(file) : "the English messages of the installed .NET SDK";
        return $"Base model: {model.Layers} layers, width {model.Width}, {model.Heads} heads, bytes; {model.Steps} steps of {model.BatchSize} windows on {text}, seed {model.Seed}; the same for all cells, hash {origin.BaseKey}.";
    }

    public static string Machines(IReadOnlyList<DataTable> tables) =>
        $"Computed on: {string.Join("; ", tables.SelectMany(table => table.Rows).SelectMany(row => row.Cells).Select(cell => cell.Machine).Distinct().DefaultIfEmpty("nothing yet"))}.";

    public static string Test(Experiment experiment) =>
        $"The test against {experiment.Reference}: each user and seed is a pair, its difference that of the logarithms of the two perplexities. If the methods were alike each difference could as well have had the other sign; p is the share of all choices of signs "
        + "whose sum is at least as far from zero (two-sided; all choices up to 20 pairs, 200,000 random ones beyond). Holm's correction counts all methods of the table. Pairs of one user share their text, so they are less independent than the test takes them for: "
        + "p speaks of these users and seeds, not of users in general. Where all users are tested on one text, a seed is a pair, with the mean over the users. With n pairs no p is below 2 / 2^n.";
}
