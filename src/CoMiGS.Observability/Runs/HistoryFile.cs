using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace CoMiGS.Observability.Runs;

/// <summary>Rounds that have closed, a line of JSON for each, so that the curves go on after a restart. Written beside the coordinator's own work, which does not wait for it and does not depend on it.</summary>
internal sealed class HistoryFile
{
    private const int MostWaiting = 1000;
    private readonly Channel<HistoryLine> _rounds = Channel.CreateBounded<HistoryLine>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });
    private readonly string _path;
    private readonly ILogger _logger;

    public HistoryFile(string path, ILogger logger)
    {
        (_path, _logger) = (path, logger);
        _ = WriteAsync();
    }

    /// <summary>A round has closed.</summary>
    public void Add(HistoryLine line) => _rounds.Writer.TryWrite(line);

    /// <summary>The rounds of a run that are written down; of one that is there twice, the newer.</summary>
    /// <param name="run">The run.</param>
    /// <param name="done">How many rounds are done; others are of a run that was given up.</param>
    public IReadOnlyList<RoundView> Read(string run, int done)
    {
        try
        {
            return File.Exists(_path)
                ? [.. File.ReadLines(_path).Select(Parse).Where(line => line?.Run == run).Select(line => line!.Round).Where(round => round.Round >= 1 && round.Round <= done).GroupBy(round => round.Round).Select(same => same.Last())]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.HistoryUnread(e, _path);
            return [];
        }
    }

    private static HistoryLine? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, LiveJson.Default.HistoryLine);
        }
        catch (JsonException)
        {
            return null; // cut short when its process was killed
        }
    }

    private async Task WriteAsync()
    {
        await foreach (var line in _rounds.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                // A line break first: the last line may have been cut short.
                await File.AppendAllTextAsync(_path, $"\n{JsonSerializer.Serialize(line, LiveJson.Default.HistoryLine)}").ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _logger.HistoryUnwritten(e, line.Round.Round, _path);
            }
        }
    }
}
