using System.Data.Common;
using System.Net.Sockets;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Storage.Sqlite.Tests;

/// <summary>What is common to the logs of all databases: that whatever a provider throws when its database is away, the run waits for it.</summary>
public sealed class LostDatabaseTests
{
    [Theory]
    [InlineData(typeof(SocketException))]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(InvalidOperationException))]
    public void A_database_that_is_away_is_an_error_that_names_run_and_store_whatever_its_provider_throws(Type failure)
    {
        var open = () => LostLog.Open((Exception)Activator.CreateInstance(failure)!);

        open.Should().Throw<StoreException>().WithMessage("The run 'run' cannot be opened in a database far away: *Nothing was acknowledged*")
            .Which.InnerException.Should().BeOfType(failure);
    }

    private sealed class LostLog : SqlRunLog
    {
        private readonly Exception _failure;

        private LostLog(Exception failure)
            : base("run", "a database far away") => _failure = failure;

        protected override string BytesType => "blob";

        public static LostLog Open(Exception failure) => Connected(new LostLog(failure));

        protected override DbConnection Open(string run) => throw _failure;

        protected override void Insert(DbTransaction transaction, string run, RunRecord record) => throw _failure;

        protected override bool IsTaken(DbException failure) => false;
    }
}
