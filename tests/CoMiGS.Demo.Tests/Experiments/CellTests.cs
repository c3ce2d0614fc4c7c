using CoMiGS.Aggregation.HetLora;
using CoMiGS.Demo.Text;
using CoMiGS.Experiments.Configuration;
using CoMiGS.Experiments.Running;

namespace CoMiGS.Demo.Tests.Experiments;

public sealed class CellTests
{
    private static readonly Cell Plain = new(Set("hash"), new MethodSpec { Name = "CoMiGS" }, 1, new BudgetSpec(), "base");

    [Fact]
    public void The_key_of_what_older_versions_could_run_is_what_it_was() => Plain.Key.Should().Be("e479731f1176044dc1b241b6");

    [Fact]
    public void A_name_is_no_part_of_the_key()
    {
        Key(Plain with { Method = Plain.Method with { Name = "ours" }, Data = Plain.Data with { Name = "another" } }).Should().Be(Plain.Key);
    }

    [Fact]
    public void A_field_that_came_later_leaves_the_keys_of_finished_cells_as_they_were()
    {
        Plain.Key.Should().Be("e479731f1176044dc1b241b6", "that is the hash of the fields of the first version; another one runs every table again");
    }

    [Fact]
    public void Aggregations_that_came_later_leave_the_numbers_of_the_others_as_they_were()
    {
        AggregationKind[] first =
        [
            AggregationKind.None, AggregationKind.UniformMean, AggregationKind.WeightedMean, AggregationKind.PeerTrust, AggregationKind.FlexLora, AggregationKind.HetLora,
            AggregationKind.FsLora, AggregationKind.FfaLora, AggregationKind.FedSaLora, AggregationKind.FdLora, AggregationKind.FedAmole,
        ];

        first.Select(kind => (int)kind).Should().Equal(Enumerable.Range(0, first.Length), "a key holds the number");
    }

    [Fact]
    public void Whatever_changes_the_figures_changes_the_key()
    {
        Cell[] others =
        [
            Plain with { Seed = 2 },
            Plain with { BaseKey = "other" },
            Plain with { Data = Set("other") },
            Plain with { Budget = Plain.Budget with { LocalSteps = 11 } },
            Plain with { Method = Plain.Method with { Ranks = [8, 8, 8, 16] } },
            Plain with { Method = Plain.Method with { Specialists = [2] } },
            Plain with { Method = Plain.Method with { RouterData = RouterData.Train } },
            Plain with { Method = Plain.Method with { LoadBalance = 0.01 } },
            Plain with { Method = Plain.Method with { GradientLeak = true } },
            Plain with { Method = Plain.Method with { Aggregation = AggregationKind.FlexLora } },
            Plain with { Method = Plain.Method with { MixtureLoss = 0 } },
            Plain with { Method = Plain.Method with { GeneralistLoss = 1 } },
            Plain with { Method = Plain.Method with { SpecialistLoss = 1 } },
            Plain with { Method = Plain.Method with { WarmUpRounds = 1 } },
            Plain with { Method = Plain.Method with { Attention = AttentionKind.Local } },
            Plain with { Method = Plain.Method with { Attention = AttentionKind.Routed } },
            Plain with { Method = Plain.Method with { RouterBias = true } },
            Plain with { Method = Plain.Method with { Choose = true } },
            Plain with { Method = Plain.Method with { HetLoraWeights = HetLoraWeights.Samples } },
            Plain with { Method = Plain.Method with { HetLoraDivisor = HetLoraDivisor.AllDevices } },
            Plain with { Method = Plain.Method with { ServerLearningRate = 0.1 } },
            Plain with { Method = Plain.Method with { Proximal = 0.1 } },
            Plain with { Method = Plain.Method with { Liars = 0 } },
            Plain with { Method = Plain.Method with { Chosen = 2 } },
            Plain with { Method = Plain.Method with { ClipNorm = 2 } },
            Plain with { Budget = new MethodSpec { StepFactor = 3 }.Spend(Plain.Budget) },
            Plain with { Budget = new MethodSpec { RouterEvery = 10 }.Spend(Plain.Budget) },
            Plain with { Budget = new MethodSpec { RouterSteps = 3 }.Spend(Plain.Budget) },
        ];

        others.Select(Key).Append(Plain.Key).Should().OnlyHaveUniqueItems();
    }

    // A copy made by `with` keeps the key that was computed; a cell of its own computes it.
    private static string Key(Cell cell) => new Cell(cell.Data, cell.Method, cell.Seed, cell.Budget, cell.BaseKey).Key;

    private static DataSet Set(string hash) => new("set", [new UserText("user0", "", "a", "b", "c")], hash);
}
