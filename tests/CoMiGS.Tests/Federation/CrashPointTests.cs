using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Tests.Federation;

/// <summary>A coordinator that dies at a named point of its state machine, and another that goes on; its devices repeat what was not answered.</summary>
public sealed class CrashPointTests : IDisposable
{
    private static readonly RoundOptions Options = new() { Count = 2, MinimumDevices = 2 };
    private readonly List<CheckIn> _waiting = [];
    private readonly MortalLog _log = new();
    private RoundMachine _machine = null!;

    /// <summary>The points at which something is written, by the first byte of what is.</summary>
    public enum Point
    {
        RoundBegins = 1,
        MemberComes = 2,
        MemberRefused = 3,
        UpdateCounts = 4,
        RoundEnds = 5,
    }

    /// <summary>Every point, which time it is reached, and whether the record is there when the coordinator dies.</summary>
    public static IEnumerable<object[]> Points =>
        from point in Enum.GetValues<Point>()
        from which in Enumerable.Range(1, point switch { Point.UpdateCounts => 4, Point.RoundBegins or Point.RoundEnds => 2, _ => 1 })
        from written in new[] { false, true }
        select new object[] { point, which, written };

    public void Dispose() => _log.Dispose();

    [Theory]
    [MemberData(nameof(Points))]
    public void Whichever_point_a_coordinator_dies_at_the_next_one_ends_with_the_same_bits(Point point, int which, bool written)
    {
        using var quiet = new CrashPointTests();
        var undisturbed = quiet.Lead();
        _log.Deadly = (point, which, written);

        Lead().Should().Equal(undisturbed);

        _log.Deaths.Should().Be(1, "the point was reached");
    }

    /// <summary>Two rounds with all that can happen: a refusal, a device that joins late, ends of rounds.</summary>
    private float[] Lead()
    {
        _machine = Next();
        CheckIn("a");
        CheckIn("b");
        Send("b", 1, float.NaN).Code.Should().Be(RefusalCode.NotFinite);
        Send("a", 1, 1).Accepted.Should().BeTrue();
        CheckIn("c"); // nobody is left to wait for, and the quorum is missing
        Send("c", 1, 5).Accepted.Should().BeTrue();
        _machine.RoundsDone.Should().Be(1);
        CheckIn("a");
        CheckIn("b");
        Send("b", 2, 7).Accepted.Should().BeTrue();
        Send("a", 2, 4).Accepted.Should().BeTrue();
        _machine.IsFinished.Should().BeTrue();
        return Sent.Floats(_machine.Shared);
    }

    private void CheckIn(string device)
    {
        _waiting.Add(Sent.CheckIn(device));
        Until(() => _machine.CheckIn(Sent.CheckIn(device), DateTimeOffset.UnixEpoch));
        if (_machine.WaitingFor.Contains("is open", StringComparison.Ordinal))
        {
            _waiting.Clear();
        }
    }

    private UpdateReceipt Send(string device, int round, float value)
    {
        var receipt = Until(() => _machine.Update(Sent.Update(device, round, value), DateTimeOffset.UnixEpoch));
        return _machine.Hindrance is null ? receipt : Until(() => _machine.Update(Sent.Update(device, round, value), DateTimeOffset.UnixEpoch));
    }

    private T Until<T>(Func<T> message)
    {
        while (true)
        {
            try
            {
                if (_machine.Hindrance is not null)
                {
                    throw _machine.Hindrance;
                }

                return message();
            }
            catch (StoreException)
            {
                _machine = Next();
                _waiting.ForEach(checkIn => _machine.CheckIn(checkIn, DateTimeOffset.UnixEpoch));
            }
        }
    }

    private RoundMachine Next() => new(Options, new WeightedMean(), log: _log);

    /// <summary>A log at which a coordinator dies once: before or after what it writes is there.</summary>
    private sealed class MortalLog : IRunLog
    {
        private readonly List<RunRecord> _records = [];
        private int _seen;

        public (Point Point, int Which, bool Written)? Deadly { get; set; }

        public int Deaths { get; private set; }

        public RunRecord? ReadNext(long after) => _records.Find(record => record.Number > after);

        public void Append(RunRecord record, bool replacesAll)
        {
            _seen += Deadly?.Point == (Point)record.Content.Span[0] ? 1 : 0;
            var dies = Deadly is { } deadly && Deaths == 0 && deadly.Point == (Point)record.Content.Span[0] && _seen == deadly.Which;
            if (dies && !Deadly!.Value.Written)
            {
                Die();
            }

            if (replacesAll)
            {
                _records.Clear();
            }

            _records.Add(record with { Content = record.Content.ToArray() });
            if (dies)
            {
                Die();
            }
        }

        public void Dispose()
        {
        }

        private void Die()
        {
            Deaths++;
            throw new StoreException("The process is dead.");
        }
    }
}
