using CoMiGS.Storage.TestKit;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Storage.PostgreSql.Tests;

[Trait("Category", "Long")]
public sealed class PostgreSqlCrashTests(Server server) : CrashConformance, IClassFixture<Server>
{
    [PostgreSqlTheory]
    [MemberData(nameof(Strategies))]
    public override Task Wherever_the_coordinator_dies_the_result_is_the_same_to_the_bit(string strategy) => base.Wherever_the_coordinator_dies_the_result_is_the_same_to_the_bit(strategy);

    [PostgreSqlTheory]
    [MemberData(nameof(Strategies))]
    public override Task A_store_that_fails_for_a_while_costs_nothing_but_time(string strategy) => base.A_store_that_fails_for_a_while_costs_nothing_but_time(strategy);

    protected override IRoundStore Store(string name) => new PostgreSqlRoundStore(server.Schema());
}
