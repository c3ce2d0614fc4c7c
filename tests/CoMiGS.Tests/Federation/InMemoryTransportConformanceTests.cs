using CoMiGS.Federation;
using CoMiGS.Transport;
using CoMiGS.Transport.TestKit;

namespace CoMiGS.Tests.Federation;

public sealed class InMemoryTransportConformanceTests : TransportConformance
{
    protected override Task<TransportUnderTest> StartAsync(PayloadLimits limits) => Task.FromResult<TransportUnderTest>(new BothEnds(new InMemoryTransport(limits)));

    private sealed class BothEnds(InMemoryTransport transport) : TransportUnderTest
    {
        public override ICoordinatorTransport Coordinator => transport;

        public override IDeviceTransport Device(string name) => transport;
    }
}
