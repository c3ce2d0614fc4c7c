using CoMiGS.Transport.Storage;

namespace CoMiGS.Storage.TestKit;

/// <summary>What every store does, whatever it is made of. Inherit it, hand out yours, and run the tests; those of <see cref="CrashConformance"/> too.</summary>
public abstract class RoundStoreConformance
{
    /// <summary>The store of this test, empty at first. Asked again it is another object over the same content, as another process would have it.</summary>
    protected abstract IRoundStore Store();

    [Fact]
    public virtual void Records_come_back_in_order_whoever_opens_the_run_next()
    {
        Write("run", (1, [1]), (2, []), (3, [3, 3]));

        using var log = Store().Open("run");

        Numbers(log).Should().Equal(1, 2, 3);
        log.ReadNext(1)!.Content.ToArray().Should().BeEmpty();
        log.ReadNext(2)!.Content.ToArray().Should().Equal(3, 3);
        log.ReadNext(3).Should().BeNull();
    }

    [Fact]
    public virtual void A_new_run_has_no_record()
    {
        using var log = Store().Open("run");

        log.ReadNext(0).Should().BeNull();
    }

    [Fact]
    public virtual void A_record_that_replaces_all_is_the_only_one_left()
    {
        Write("run", (1, [1]), (2, [2]));
        using (var log = Store().Open("run"))
        {
            log.Append(new RunRecord(3, new byte[] { 3 }), replacesAll: true);
            log.Append(new RunRecord(4, new byte[] { 4 }), replacesAll: false);
        }

        using var next = Store().Open("run");
        Numbers(next).Should().Equal(3, 4);
    }

    [Fact]
    public virtual void A_number_that_is_there_is_refused_and_the_log_goes_on()
    {
        using var log = Store().Open("run");
        log.Append(new RunRecord(1, new byte[] { 1 }), replacesAll: false);

        var again = () => log.Append(new RunRecord(1, new byte[] { 9 }), replacesAll: false);

        again.Should().Throw<StoreException>().WithMessage("*run*");
        log.Append(new RunRecord(2, new byte[] { 2 }), replacesAll: false);
        log.ReadNext(0)!.Content.ToArray().Should().Equal(1);
        Numbers(log).Should().Equal(1, 2);
    }

    [Fact]
    public virtual void A_run_that_somebody_leads_cannot_be_opened_until_that_one_has_ended()
    {
        var first = Store().Open("run");

        FluentActions.Invoking(() => Store().Open("run")).Should().Throw<StoreException>().WithMessage("Another coordinator leads the run 'run'*");

        first.Dispose();
        using var second = Store().Open("run");
        second.Append(new RunRecord(1, new byte[] { 1 }), replacesAll: false);
    }

    [Fact]
    public virtual void Runs_do_not_know_of_each_other()
    {
        using var one = Store().Open("run");
        using var other = Store().Open("Läufe/\"'%_2; DROP");
        one.Append(new RunRecord(1, new byte[] { 1 }), replacesAll: false);
        other.Append(new RunRecord(1, new byte[] { 2 }), replacesAll: false);
        other.Append(new RunRecord(2, new byte[] { 3 }), replacesAll: true);

        Numbers(one).Should().Equal(1);
        Numbers(other).Should().Equal(2);
    }

    [Fact]
    public virtual void Megabytes_come_back_as_they_were()
    {
        var content = new byte[5_000_001];
        for (var i = 0; i < content.Length; i++)
        {
            content[i] = (byte)(i * 31);
        }

        Write("run", (1, content));

        using var log = Store().Open("run");
        log.ReadNext(0)!.Content.Span.SequenceEqual(content).Should().BeTrue();
    }

    [Fact]
    public virtual void A_log_that_was_given_up_writes_nothing_any_more()
    {
        var log = Store().Open("run");
        log.Dispose();

        FluentActions.Invoking(() => log.Append(new RunRecord(1, new byte[] { 1 }), replacesAll: false)).Should().Throw<ObjectDisposedException>();
    }

    /// <summary>The numbers of all records.</summary>
    protected static IReadOnlyList<long> Numbers(IRunLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        var numbers = new List<long>();
        for (var record = log.ReadNext(0); record is not null; record = log.ReadNext(record.Number))
        {
            numbers.Add(record.Number);
        }

        return numbers;
    }

    private void Write(string run, params (long Number, byte[] Content)[] records)
    {
        using var log = Store().Open(run);
        foreach (var (number, content) in records)
        {
            log.Append(new RunRecord(number, content), replacesAll: false);
        }
    }
}
