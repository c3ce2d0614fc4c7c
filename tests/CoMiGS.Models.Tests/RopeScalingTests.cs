namespace CoMiGS.Models.Tests;

public sealed class RopeScalingTests
{
    [Theory]
    [InlineData(31.9, 1)] // waves of less than L / high = 32 positions stay
    [InlineData(128.1, 8)] // waves of more than L / low = 128 positions are stretched eightfold
    [InlineData(1000, 8)]
    public void Short_waves_stay_and_long_waves_are_stretched(double wave, double stretch)
    {
        var frequency = 2 * Math.PI / wave;

        new Llama3RopeScaling(8, 1, 4, 128).Apply(frequency).Should().BeApproximately(frequency / stretch, 1e-12);
    }

    [Fact]
    public void A_wave_between_is_blended_by_its_place_between_the_borders()
    {
        const double wave = 64; // fits twice: (2 - 1) / (4 - 1) of the way
        var frequency = 2 * Math.PI / wave;

        new Llama3RopeScaling(8, 1, 4, 128).Apply(frequency).Should().BeApproximately((2.0 / 3 * frequency / 8) + (frequency / 3), 1e-12);
    }

    [Fact]
    public void Linear_scaling_stretches_every_wave_alike() => new LinearRopeScaling(4).Apply(0.5).Should().Be(0.125);
}
