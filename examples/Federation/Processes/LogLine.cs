using System.Text.Json;

namespace CoMiGS.FederationTrial.Processes;

/// <summary>A log message of another process, as the console's JSON formatter wrote it.</summary>
internal sealed class LogLine
{
    private readonly JsonElement _state;

    private LogLine(JsonElement line)
    {
        Id = line.GetProperty("EventId").GetInt32();
        Category = line.GetProperty(nameof(Category)).GetString()!;
        Level = line.GetProperty("LogLevel").GetString()!;
        Message = line.GetProperty(nameof(Message)).GetString()!;
        _state = line.GetProperty("State");
    }

    public int Id { get; }

    public string Category { get; }

    public string Level { get; }

    public string Message { get; }

    /// <summary>A line of text; null if it is no message.</summary>
    public static LogLine? TryParse(string line)
    {
        if (!line.StartsWith('{'))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(line);
            return new LogLine(document.RootElement.Clone());
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException)
        {
            return null; // half a line, of a process that was killed
        }
    }

    /// <summary>A whole number of the message, by its name in the template.</summary>
    public int Number(string name) => _state.GetProperty(name).GetInt32();

    /// <summary>A number of the message, by its name in the template.</summary>
    public double Real(string name) => _state.GetProperty(name).GetDouble();

    /// <summary>A word of the message, by its name in the template.</summary>
    public string Word(string name) => _state.GetProperty(name).GetString()!;
}
