using CoMiGS.Storage.TestKit;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Tests.Federation;

public sealed class InMemoryCrashTests : CrashConformance
{
    private readonly Dictionary<string, InMemoryRoundStore> _stores = [];

    protected override IRoundStore Store(string name) => _stores.TryGetValue(name, out var store) ? store : _stores[name] = new InMemoryRoundStore();
}
