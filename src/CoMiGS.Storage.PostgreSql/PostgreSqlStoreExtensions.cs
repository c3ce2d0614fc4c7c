using CoMiGS.Transport.Storage;

namespace CoMiGS.Storage.PostgreSql;

/// <summary>Chooses PostgreSQL where a coordinator is composed: <c>coordinator.UsePostgreSql("Host=db;Database=comigs")</c>.</summary>
public static class PostgreSqlStoreExtensions
{
    /// <summary>Keeps the run in a PostgreSQL database.</summary>
    /// <param name="coordinator">Where the coordinator is composed.</param>
    /// <param name="connectionString">The database, as Npgsql reads it. Coordinators of several runs may use one database.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder UsePostgreSql<TBuilder>(this TBuilder coordinator, string connectionString)
        where TBuilder : IStoreBuilder
    {
        ArgumentNullException.ThrowIfNull(coordinator);
        var store = new PostgreSqlRoundStore(connectionString);
        coordinator.UseStore(_ => store);
        return coordinator;
    }
}
