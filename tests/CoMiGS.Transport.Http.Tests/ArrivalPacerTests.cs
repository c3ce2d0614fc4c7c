namespace CoMiGS.Transport.Http.Tests;

public sealed class ArrivalPacerTests
{
    private const int Cap = 100;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Two_thousand_devices_that_come_back_at_once_are_spread_below_the_cap(int seed)
    {
        var clock = new ShiftedTime(frozen: true);
        var pacer = new ArrivalPacer(Cap, clock);
        var random = new Random(seed);
        var arriving = new PriorityQueue<int, double>(Enumerable.Range(0, 2000).Select(device => (device, random.NextDouble() * 0.1))); // the outage ends
        var (arrivals, admitted) = (new List<double>(), new List<double>());
        while (arriving.TryDequeue(out var device, out var at))
        {
            clock.Shift = TimeSpan.FromSeconds(at);
            arrivals.Add(at);
            if (pacer.Arrive() is { } window)
            {
                arriving.Enqueue(device, at + window.MinDelay.TotalSeconds + (random.NextDouble() * (window.MaxDelay - window.MinDelay).TotalSeconds));
            }
            else
            {
                admitted.Add(at);
            }
        }

        admitted.Should().HaveCount(2000);
        MostWithinASecond(admitted.Where(at => at > 1)).Should().BeLessThanOrEqualTo(Cap);
        MostWithinASecond(arrivals.Where(at => at > 0.1)).Should().BeLessThanOrEqualTo(Cap, "each comes back in a window with room for it (seed {0})", seed);
        admitted.Max().Should().BeLessThan(2000 / (0.6 * Cap), "nobody waits for nothing");
        arrivals.Should().HaveCountLessThan(2000 * 2 + 100, "hardly anybody is sent away twice");
    }

    [Fact]
    public void A_fleet_that_comes_at_its_leisure_is_never_sent_away()
    {
        var clock = new ShiftedTime(frozen: true);
        var pacer = new ArrivalPacer(Cap, clock);
        for (var device = 0; device < 1000; device++)
        {
            clock.Shift = TimeSpan.FromSeconds(device / (double)Cap);
            pacer.Arrive().Should().BeNull();
        }
    }

    private static int MostWithinASecond(IEnumerable<double> moments)
    {
        var sorted = moments.Order().ToList();
        var (most, first) = (0, 0);
        for (var last = 0; last < sorted.Count; last++)
        {
            while (sorted[last] - sorted[first] >= 1)
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most;
    }
}
