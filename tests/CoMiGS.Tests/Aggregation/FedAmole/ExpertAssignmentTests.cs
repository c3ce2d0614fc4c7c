using CoMiGS.Aggregation.FedAmole;
using CoMiGS.Parameters;
using FsCheck;
using FsCheck.Fluent;

namespace CoMiGS.Tests.Aggregation.FedAmole;

public sealed class ExpertAssignmentTests
{
    /// <summary>Experts, devices, copies, fewest, most, seed.</summary>
    private static readonly Gen<(int Experts, int Devices, int Copies, int Fewest, int Most, int Seed)> Cases =
        from experts in Gen.Choose(1, 4)
        from devices in Gen.Choose(1, 4)
        from copies in Gen.Choose(1, 4)
        from fewest in Gen.Choose(0, 3)
        from most in Gen.Choose(1, 4)
        from seed in Gen.Choose(0, 1_000_000)
        select (experts, devices, copies, fewest, most, seed);

    [Fact]
    public void No_assignment_is_better_and_where_none_exists_there_is_none() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), Prop.ForAll(Cases.ToArbitrary(), one =>
    {
        var scores = Scores(one.Experts, one.Devices, one.Seed);
        var best = BruteForce(scores, one.Copies, one.Fewest, one.Most);

        var found = ExpertAssignment.Solve(scores, one.Copies, one.Fewest, one.Most);

        if (best is null)
        {
            found.Should().BeNull();
            return;
        }

        if (found is null)
        {
            throw new InvalidOperationException("There is an assignment, but none was found.");
        }

        found.Should().HaveCount(one.Devices).And.OnlyContain(held => held.Count >= one.Fewest && held.Count <= one.Most && held.Distinct().Count() == held.Count);
        Enumerable.Range(0, one.Experts).Should().OnlyContain(j => found.Count(held => held.Contains(j)) == one.Copies);
        Value(scores, found).Should().BeApproximately(best.Value, 1e-12);
    }));

    [Fact]
    public void Equal_scores_give_the_same_assignment_every_time()
    {
        double[][] scores = [.. Enumerable.Range(0, 6).Select(_ => Enumerable.Repeat(0.25, 4).ToArray())];

        var (one, other) = (ExpertAssignment.Solve(scores, 2, 2, 4)!, ExpertAssignment.Solve(scores, 2, 2, 4)!);

        one.SelectMany(held => held).Should().Equal(other.SelectMany(held => held));
        one.Should().OnlyContain(held => held.Count >= 2);
    }

    [Fact]
    public void Bounds_that_force_a_worse_choice_are_kept_to()
    {
        // Everybody wants device 0, but it takes two, and each device must have one.
        double[][] scores = [[0.9, 0.1], [0.8, 0.2], [0.7, 0.3]];

        ExpertAssignment.Solve(scores, 1, 1, 2)!.Should().BeEquivalentTo(new int[][] { [0, 1], [2] }, options => options.WithStrictOrdering());
    }

    [Fact]
    public void The_papers_size_is_solved_at_once()
    {
        var scores = Scores(30, 10, 1);

        var found = ExpertAssignment.Solve(scores, 2, 2, 8)!;

        found.Sum(held => held.Count).Should().Be(60);
        found.Should().OnlyContain(held => held.Count >= 2 && held.Count <= 8);
    }

    private static double[][] Scores(int experts, int devices, int seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, experts).Select(_ => Enumerable.Range(0, devices).Select(_ => random.NextDouble()).ToArray())];
    }

    private static double Value(double[][] scores, IReadOnlyList<IReadOnlyList<int>> held) => held.Select((ids, i) => ids.Sum(j => scores[j][i])).Sum();

    /// <summary>The best of all choices that meet the constraints, every expert with every set of devices; null if none does.</summary>
    private static double? BruteForce(double[][] scores, int copies, int fewest, int most)
    {
        return Best(0, new int[scores[0].Length]);

        double? Best(int expert, int[] counts)
        {
            if (expert == scores.Length)
            {
                return counts.All(count => count >= fewest && count <= most) ? 0 : null;
            }

            double? best = null;
            for (var set = 0; set < 1 << counts.Length; set++)
            {
                bool Taken(int device) => (set >> device & 1) == 1;
                if (int.PopCount(set) == copies && Best(expert + 1, [.. counts.Select((count, i) => count + (Taken(i) ? 1 : 0))]) is { } rest)
                {
                    var value = rest + counts.Select((_, i) => Taken(i) ? scores[expert][i] : 0).Sum();
                    best = Math.Max(best ?? value, value);
                }
            }

            return best;
        }
    }
}
