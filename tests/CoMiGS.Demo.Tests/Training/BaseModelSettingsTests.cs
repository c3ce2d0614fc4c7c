using CoMiGS.Demo.Training;

namespace CoMiGS.Demo.Tests.Training;

public sealed class BaseModelSettingsTests
{
    private static readonly BaseModelSettings Settings = new();

    [Fact]
    public void The_rate_rises_to_the_peak_and_falls_to_a_tenth()
    {
        Settings.RateAt(0).Should().BeApproximately(2e-3 / 50, 1e-12);
        Settings.RateAt(49).Should().BeApproximately(2e-3, 1e-12);
        Settings.RateAt(475).Should().BeApproximately(1.1e-3, 1e-9);
        Settings.RateAt(900).Should().BeApproximately(2e-4, 1e-12);
    }

    [Fact]
    public void The_key_depends_on_the_text_and_on_every_setting()
    {
        string[] keys =
        [
            Settings.KeyFor("text"),
            Settings.KeyFor("other text"),
            (Settings with { Seed = 43 }).KeyFor("text"),
            (Settings with { Layers = 2 }).KeyFor("text"),
            (Settings with { Steps = 901 }).KeyFor("text"),
        ];

        keys.Should().OnlyHaveUniqueItems();
        new BaseModelSettings().KeyFor("text").Should().Be(keys[0]);
    }
}
