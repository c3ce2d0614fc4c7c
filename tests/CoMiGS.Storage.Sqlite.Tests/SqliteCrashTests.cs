using CoMiGS.Storage.TestKit;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Storage.Sqlite.Tests;

[Trait("Category", "Long")]
public sealed class SqliteCrashTests : CrashConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override IRoundStore Store(string name) => new SqliteRoundStore(_folder.File($"{name}.db"));
}
