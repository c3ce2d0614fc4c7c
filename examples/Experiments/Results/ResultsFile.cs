using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CoMiGS.Demo;

namespace CoMiGS.Experiments.Results;

/// <summary>
/// Finished cells, a JSON object a line. A line is on the disk before <see cref="Append"/> returns, and nothing is ever removed: a line that a killed
/// run left half-written is passed over.
/// </summary>
public sealed class ResultsFile : IDisposable
{
    private static readonly JsonSerializerOptions Line = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    private readonly FileStream _lock, _stream;
    private readonly Dictionary<string, CellResult> _finished = new(StringComparer.Ordinal);

    private ResultsFile(FileStream @lock, FileStream stream) => (_lock, _stream) = (@lock, stream);

    /// <summary>Finished cells by their keys.</summary>
    public IReadOnlyDictionary<string, CellResult> Finished => _finished;

    /// <summary>Lines that are no cell.</summary>
    public int UnreadableLines { get; private set; }

    /// <summary>Opens or creates a file, for this process alone.</summary>
    /// <exception cref="DemoException">It cannot be opened, or another run writes to it.</exception>
    public static ResultsFile Open(string path)
    {
        FileStream? held = null;
        try
        {
            // A file of its own, so that anybody may read the results meanwhile; the system lets go of it when a process is killed.
            held = new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var file = new ResultsFile(held, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite));
            file.Load();
            return file;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw new DemoException($"Cannot open {path}: {cause.Message} Wait for the other run, or choose another folder.", cause);
        }
    }

    /// <summary>The finished cells in a file that another run may be writing to.</summary>
    public static IEnumerable<CellResult> Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (Parse(line) is { } result)
            {
                yield return result;
            }
        }
    }

    /// <summary>Adds a finished cell.</summary>
    public void Append(CellResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(result, Line) + "\n"));
        _stream.Flush(flushToDisk: true);
        _finished[result.Key] = result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _lock.Dispose();
    }

    private void Load()
    {
        using var reader = new StreamReader(_stream, Encoding.UTF8, leaveOpen: true);
        var text = reader.ReadToEnd();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Parse(line) is { } result)
            {
                _finished[result.Key] = result;
            }
            else
            {
                UnreadableLines++;
            }
        }

        _stream.Seek(0, SeekOrigin.End);
        if (text.Length > 0 && text[^1] != '\n')
        {
            _stream.WriteByte((byte)'\n');
        }
    }

    private static CellResult? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<CellResult>(line, Line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
