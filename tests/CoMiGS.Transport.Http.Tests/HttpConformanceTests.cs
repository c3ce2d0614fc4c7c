using CoMiGS.Transport.TestKit;

namespace CoMiGS.Transport.Http.Tests;

public sealed class TokenConformanceTests : TransportConformance
{
    protected override async Task<TransportUnderTest> StartAsync(PayloadLimits limits) => await HttpHost.StartAsync(Identity.Token, limits);
}

public sealed class CertificateConformanceTests : TransportConformance
{
    protected override async Task<TransportUnderTest> StartAsync(PayloadLimits limits) => await HttpHost.StartAsync(Identity.Certificate, limits);
}

public sealed class PlainConformanceTests : TransportConformance
{
    protected override async Task<TransportUnderTest> StartAsync(PayloadLimits limits) => await HttpHost.StartAsync(Identity.None, limits);
}
