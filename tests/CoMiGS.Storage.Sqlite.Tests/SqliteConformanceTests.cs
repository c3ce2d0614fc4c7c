using CoMiGS.Storage.TestKit;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Storage.Sqlite.Tests;

public sealed class SqliteConformanceTests : RoundStoreConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override IRoundStore Store() => new SqliteRoundStore(_folder.File("runs.db"));
}
