using CoMiGS.Bench.Harness;

namespace CoMiGS.Bench.Tests.Harness;

public sealed class InterleavedTests
{
    [Fact]
    public void Subjects_take_turns_and_have_a_figure_for_every_round_but_the_first()
    {
        var runs = "";

        var seconds = Interleaved.Seconds([new("a", () => runs += "a"), new("b", () => runs += "b")], TimeSpan.Zero, TimeSpan.Zero, once: false);

        runs.Should().Be("ab" + "ab" + "ba" + "ab", "one round warms up, three are the fewest, every other goes backwards");
        seconds.Should().HaveCount(2).And.OnlyContain(rounds => rounds.Length == 3);
    }

    [Fact]
    public void A_smoke_run_is_one_round()
    {
        var runs = 0;

        Interleaved.Seconds([new("a", () => runs++)], TimeSpan.FromHours(1), TimeSpan.FromHours(1), once: true);

        runs.Should().Be(1);
    }
}
