using CoMiGS.Federation.Methods;

namespace CoMiGS.Tests.Federation.Methods;

public sealed class BoxSearchTests
{
    private static readonly IReadOnlyList<double>[] Starts = [[1, 0], [0, 1], [0.5, 0.5]];

    [Theory]
    [InlineData(0.3, -0.7)]
    [InlineData(1.4, 0.1)]
    [InlineData(-1, -1)]
    public void It_finds_the_optimum_of_a_convex_bowl(double x, double y)
    {
        var (point, value) = BoxSearch.Minimise(w => Bowl(w, x, y), Starts, 1.5, 300, 1);

        point[0].Should().BeApproximately(x, 0.02);
        point[1].Should().BeApproximately(y, 0.02);
        value.Should().Be(Bowl(point, x, y));
    }

    [Fact]
    public void An_optimum_outside_is_sought_on_the_edge_of_the_box_and_never_beyond()
    {
        var tried = new List<IReadOnlyList<double>>();

        var (point, _) = BoxSearch.Minimise(w => { tried.Add(w); return Bowl(w, 3, 0.2); }, Starts, 1.5, 300, 1);

        tried.SelectMany(w => w).Should().OnlyContain(weight => Math.Abs(weight) <= 1.5);
        point[0].Should().Be(1.5);
        point[1].Should().BeApproximately(0.2 + (1.5 / 6), 0.02, "the derivative along the edge is 6 (w - 0.2) - 1.5");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(57)]
    public void The_budget_is_spent_exactly_and_never_in_vain(int budget)
    {
        var values = new List<double>();

        var (_, value) = BoxSearch.Minimise(w => { values.Add(Bowl(w, -0.4, 0.9)); return values[^1]; }, Starts, 1.5, budget, 1);

        values.Should().HaveCount(budget);
        value.Should().Be(values.Min());
    }

    [Fact]
    public void A_value_that_is_no_number_is_the_worst()
    {
        BoxSearch.Minimise(w => w[0] == 1 ? double.NaN : w[1], Starts, 1.5, 3, 1).Point.Should().Equal(0.5, 0.5);
        BoxSearch.Minimise(_ => double.NaN, Starts, 1.5, 9, 1).Value.Should().Be(double.PositiveInfinity);
    }

    [Fact]
    public void Equal_seeds_search_alike_and_others_do_not()
    {
        Search(1).Should().Equal(Search(1));
        Search(2).Should().NotEqual(Search(1));

        static IReadOnlyList<double> Search(long seed) => BoxSearch.Minimise(w => Bowl(w, 0.3, -0.7), Starts, 1.5, 20, seed).Point;
    }

    private static double Bowl(IReadOnlyList<double> w, double x, double y) => Math.Pow(w[0] - x, 2) + (3 * Math.Pow(w[1] - y, 2)) + ((w[0] - x) * (w[1] - y));
}
