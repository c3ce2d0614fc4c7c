using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace CoMiGS.Observability.Runs;

/// <summary>Rounds that have closed, a line of JSON for each, so that the curves go on after a restart. Written beside the coordinator's own work, which does not wait for it and does not depend on it.</summary>
internal sealed class HistoryFile
{
    private const int MostWaiting = 1000;
    private readonly Channel<ClosedRound> _rounds = Channel.CreateBounded<ClosedRound>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });
    private readonly string _path;
    private readonly ILogger _logger;

    public HistoryFile(string path, ILogger logger)
    {
        (_path, _logger) = (path, logger);
        _ = WriteAsync();
    }

    /// <summary>A round has closed.</summary>
    public void Add(ClosedRound round) => _rounds.Writer.TryWrite(round);

    /// <summary>The rounds of a run that are written down; of one that is there twice, the newer.</summary>
    /// <param name="run">The run.</param>
    /// <param name="done">How many rounds are done; others are of a run that was given up.</param>
    public IReadOnlyList<ClosedRound> Read(string run, int done)
    {
        try
        {
            return File.Exists(_path)
                ? [.. File.ReadLines(_path).Select(Parse).OfType<ClosedRound>().Where(round => round.Run == run && round.Round >= 1 && round.Round <= done).GroupBy(round => round.Round).Select(same => same.Last())]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.HistoryUnread(e, _path);
            return [];
        }
    }

    private static ClosedRound? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ClosedRoundJson.Default.ClosedRound);
        }
        catch (JsonException)
        {
            return null; // cut short when its process was killed
        }
    }

    private async Task WriteAsync()
    {
        await foreach (var round in _rounds.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                // A line break first: the last line may have been cut short.
                await File.AppendAllTextAsync(_path, $"\n{JsonSerializer.Serialize(round, ClosedRoundJson.Default.ClosedRound)}").ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _logger.HistoryUnwritten(e, round.Round, _path);
            }
        }
    }
}
