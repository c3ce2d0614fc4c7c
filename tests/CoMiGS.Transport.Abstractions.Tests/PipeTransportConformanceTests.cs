using CoMiGS.Transport.TestKit;

namespace CoMiGS.Transport.Tests;

public sealed class PipeTransportConformanceTests : TransportConformance
{
    protected override Task<TransportUnderTest> StartAsync(PayloadLimits limits) =>
        Task.FromResult<TransportUnderTest>(new BothEnds(new PipeTransport($"comigs-{Guid.NewGuid():N}", limits)));

    private sealed class BothEnds(PipeTransport transport) : TransportUnderTest
    {
        public override ICoordinatorTransport Coordinator => transport;

        public override IDeviceTransport Device(string name) => transport;
    }
}
