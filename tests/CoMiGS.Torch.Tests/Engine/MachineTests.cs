namespace CoMiGS.Torch.Tests.Engine;

public sealed class MachineTests
{
    [Fact]
    public void The_number_of_threads_can_be_set()
    {
        var before = get_num_threads();
        set_num_threads(1);
        get_num_threads().Should().Be(1);
        set_num_threads(before);
        get_num_threads().Should().Be(before);
    }

    [Fact]
    public void Devices_are_described()
    {
        device("cpu").ToString().Should().Be("cpu");
        using var x = zeros(1, device: CPU);
        x.device_type.Should().Be(DeviceType.CPU);
        if (!cuda.is_available())
        {
            FluentActions.Invoking(() => zeros(1, device: CUDA)).Should().Throw<Exception>();
        }
    }

#if TORCH_SYSTEM
    // TorchSharp loads CUDA to describe a device of it.
    [Fact]
    public void Devices_that_are_not_there_are_described()
    {
        device("cuda:1").index.Should().Be(1);
        device(DeviceType.CUDA, 0).ToString().Should().Be("cuda:0");
    }

    [Fact]
    public void The_engine_describes_itself_and_warns_of_a_slow_BLAS()
    {
        var description = CoMiGS.LibTorch.TorchEngine.Describe();
        description.Version.Should().MatchRegex(@"^\d+\.\d+");
        description.Threads.Should().BePositive();
        CoMiGS.LibTorch.TorchEngine.Check().Should().HaveCount(description.HasSlowBlas ? 1 : 0);
        new CoMiGS.LibTorch.TorchEngineDescription("1.13.1", "/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0", false, 1).HasSlowBlas.Should().BeTrue();
        new CoMiGS.LibTorch.TorchEngineDescription("1.13.1", "/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3", false, 1).HasSlowBlas.Should().BeFalse();
    }
#endif
}
