using CoMiGS.Transport.Storage;

namespace CoMiGS.Storage.Sqlite;

/// <summary>Chooses SQLite where a coordinator is composed: <c>coordinator.UseSqlite("runs.db")</c>.</summary>
public static class SqliteStoreExtensions
{
    /// <summary>Keeps the run in a SQLite file.</summary>
    /// <param name="coordinator">Where the coordinator is composed.</param>
    /// <param name="path">The file; its folder must exist. Coordinators of several runs may use one file.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder UseSqlite<TBuilder>(this TBuilder coordinator, string path)
        where TBuilder : IStoreBuilder
    {
        ArgumentNullException.ThrowIfNull(coordinator);
        var store = new SqliteRoundStore(path);
        coordinator.UseStore(_ => store);
        return coordinator;
    }
}
