using CoMiGS.Storage.TestKit;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Tests.Federation;

public sealed class InMemoryRoundStoreTests : RoundStoreConformance
{
    private readonly InMemoryRoundStore _store = new();

    protected override IRoundStore Store() => _store;
}
