using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Storage.TestKit;
using CoMiGS.Transport.Storage;
using Npgsql;

namespace CoMiGS.Storage.PostgreSql.Tests;

public sealed class DamagedRowTests(Server server) : IClassFixture<Server>
{
    [PostgreSqlFact]
    public async Task A_flipped_bit_of_a_row_is_an_error_that_names_run_and_record()
    {
        var database = server.Database();
        using (var first = Coordinator(database))
        {
            var waiting = first.CheckInAsync(OneDevice.CheckIn());
            await first.CheckInAsync(OneDevice.CheckIn() with { Device = "ben" });
            await waiting;
            (await first.UploadAsync(OneDevice.Update(1))).Accepted.Should().BeTrue();
        }

        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync();
            await using var flip = new NpgsqlCommand("UPDATE comigs_journal_1 SET content = set_bit(content, 8 * 40 + 3, 1 - get_bit(content, 8 * 40 + 3)) WHERE sequence = 2", connection);
            (await flip.ExecuteNonQueryAsync()).Should().Be(1);
        }

        FluentActions.Invoking(() => Coordinator(database)).Should().Throw<StoreException>().WithMessage("Record 2 of the run 'run' is damaged: its checksum says*");
    }

    private static Coordinator Coordinator(string database) => new(new RoundOptions { Count = 1, MinimumDevices = 2 }, new WeightedMean(), store: new PostgreSqlRoundStore(database));
}
