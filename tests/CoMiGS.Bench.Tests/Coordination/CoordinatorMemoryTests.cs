using CoMiGS.Bench.Coordination;
using Xunit.Abstractions;

namespace CoMiGS.Bench.Tests.Coordination;

public sealed class CoordinatorMemoryTests(ITestOutputHelper output)
{
    private const double Bound = 1.15;
    private const int Tries = 3; // what an update more takes, it takes each time; how late the garbage collector is differs by some percent

    [LinuxFact]
    [Trait("Category", "Long")]
    public void Two_thousand_updates_over_https_take_no_more_memory_than_a_hundred()
    {
        var few = CoordinatorMeasurement.InChild(new CoordinatorCase(100, 100, Store: false, Smoke: false));
        var least = long.MaxValue;
        for (var i = 0; i < Tries && least >= few.PeakBytes * Bound; i++)
        {
            var many = CoordinatorMeasurement.InChild(new CoordinatorCase(2000, 2000, Store: false, Smoke: false));
            output.WriteLine($"{few.PeakBytes / 1e6:0} MB for 100, {many.PeakBytes / 1e6:0} MB for 2,000 in {many.Seconds:0.0} s");
            least = Math.Min(least, many.PeakBytes);
        }

        least.Should().BeLessThan((long)(few.PeakBytes * Bound), "1,900 updates more are 9 GB");
    }
}
