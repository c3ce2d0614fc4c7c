namespace CoMiGS.Storage.PostgreSql.Tests;

/// <summary>Tests that take a PostgreSQL server; they say why where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgreSqlTheoryAttribute : TheoryAttribute
{
    public PostgreSqlTheoryAttribute() => Skip = Server.Missing;
}
