using CoMiGS.Transport.Storage;

namespace CoMiGS.Storage.PostgreSql.Tests;

/// <summary>A server that cannot be found, which takes none.</summary>
public sealed class UnknownServerTests
{
    [Fact]
    public void A_server_whose_name_leads_nowhere_is_an_error_that_names_run_and_database()
    {
        var host = $"{new string('x', 64)}.invalid"; // a part of more than 63 letters is no name: the network is not even asked
        var store = new PostgreSqlRoundStore($"Host={host};Username=comigs;Database=runs");

        FluentActions.Invoking(() => store.Open("run")).Should().Throw<StoreException>()
            .WithMessage($"The run 'run' cannot be opened in the database runs at {host}: *Nothing was acknowledged*bring the store back*");
    }
}
