using CoMiGS.Storage.TestKit;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Storage.PostgreSql.Tests;

public sealed class PostgreSqlConformanceTests(Server server) : RoundStoreConformance, IClassFixture<Server>
{
    private string? _database;

    [PostgreSqlFact]
    public override void Records_come_back_in_order_whoever_opens_the_run_next() => base.Records_come_back_in_order_whoever_opens_the_run_next();

    [PostgreSqlFact]
    public override void A_new_run_has_no_record() => base.A_new_run_has_no_record();

    [PostgreSqlFact]
    public override void A_record_that_replaces_all_is_the_only_one_left() => base.A_record_that_replaces_all_is_the_only_one_left();

    [PostgreSqlFact]
    public override void A_number_that_is_there_is_refused_and_the_log_goes_on() => base.A_number_that_is_there_is_refused_and_the_log_goes_on();

    [PostgreSqlFact]
    public override void A_run_that_somebody_leads_cannot_be_opened_until_that_one_has_ended() => base.A_run_that_somebody_leads_cannot_be_opened_until_that_one_has_ended();

    [PostgreSqlFact]
    public override void Runs_do_not_know_of_each_other() => base.Runs_do_not_know_of_each_other();

    [PostgreSqlFact]
    public override void Megabytes_come_back_as_they_were() => base.Megabytes_come_back_as_they_were();

    [PostgreSqlFact]
    public override void A_log_that_was_given_up_writes_nothing_any_more() => base.A_log_that_was_given_up_writes_nothing_any_more();

    protected override IRoundStore Store() => new PostgreSqlRoundStore(_database ??= server.Database());
}
