namespace CoMiGS.Storage.PostgreSql.Tests;

/// <summary>A test that takes a PostgreSQL server; it says why where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgreSqlFactAttribute : FactAttribute
{
    public PostgreSqlFactAttribute() => Skip = Server.Missing;
}
