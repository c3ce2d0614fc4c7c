using System.Collections.Concurrent;
using CoMiGS.FederationTrial.Processes;

namespace CoMiGS.FederationTrial.Running;

/// <summary>A line for each round: how long it took, and how the devices' losses are.</summary>
/// <param name="rounds">How many there will be.</param>
/// <param name="time">The clock.</param>
/// <param name="tell">Where the lines go.</param>
internal sealed class RoundLines(int rounds, TimeProvider time, Action<string> tell)
{
    private readonly ConcurrentDictionary<(int Round, string Device), double> _losses = [];
    private long _since = time.GetTimestamp();

    public void Hear(Child child, LogLine line)
    {
        if (Heard.IsRoundTrained(line))
        {
            _losses[(line.Number("Round"), child.Name)] = line.Real("Loss");
        }
        else if (Heard.IsRoundOpened(line))
        {
            _since = time.GetTimestamp();
        }
        else if (Heard.IsRoundClosed(line))
        {
            var round = line.Number("Round");
            var losses = _losses.Where(loss => loss.Key.Round == round).OrderBy(loss => loss.Key.Device, StringComparer.Ordinal).Select(loss => $"{loss.Key.Device} {loss.Value:0.000}");
            tell($"round {round}/{rounds}  {time.GetElapsedTime(_since).TotalSeconds,5:0.0} s  loss {string.Join(", ", losses)}");
        }
    }
}
