using CoMiGS.Demo.CommandLine;

namespace CoMiGS.Demo.Tests.CommandLine;

public sealed class PerDeviceTests
{
    [Fact]
    public void One_number_counts_for_all_devices() => PerDevice.Spread("--train-kb", [20], 3).Should().Equal(20, 20, 20);

    [Fact]
    public void A_number_for_each_device_stays_as_it_is() => PerDevice.Spread("--specialists", [1, 3, 0], 3).Should().Equal(1, 3, 0);

    [Fact]
    public void Another_count_is_refused_with_both_counts()
    {
        var spreading = () => PerDevice.Spread("--specialists", [1, 3], 4);

        spreading.Should().Throw<DemoException>().WithMessage("--specialists has 2 numbers, but there are 4 devices. Give 4, or one for all.");
    }
}
