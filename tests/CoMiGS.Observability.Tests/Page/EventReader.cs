using System.Text.Json.Nodes;

namespace CoMiGS.Observability.Tests.Page;

/// <summary>Reads server-sent events, as a browser does.</summary>
internal sealed class EventReader : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http = new();
    private StreamReader? _lines;

    public HttpResponseMessage Answer { get; private set; } = null!;

    public static async Task<EventReader> OpenAsync(Uri host)
    {
        var reader = new EventReader();
        reader.Answer = await reader._http.GetAsync(new Uri(host, "/events"), HttpCompletionOption.ResponseHeadersRead);
        reader._lines = new StreamReader(await reader.Answer.Content.ReadAsStreamAsync());
        return reader;
    }

    /// <summary>The next line that is not empty; null at the end.</summary>
    public async Task<string?> LineAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        string? line;
        while ((line = await _lines!.ReadLineAsync(patience.Token)) is "")
        {
        }

        return line;
    }

    /// <summary>The next message, leaving out signs of life.</summary>
    public async Task<JsonNode> MessageAsync()
    {
        while (true)
        {
            var line = await LineAsync() ?? throw new EndOfStreamException();
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return JsonNode.Parse(line["data: ".Length..])!;
            }
        }
    }

    /// <summary>The first message from now on that fulfils a condition.</summary>
    public async Task<JsonNode> UntilAsync(Func<JsonNode, bool> condition)
    {
        JsonNode message;
        do
        {
            message = await MessageAsync();
        }
        while (!condition(message));
        return message;
    }

    public void Dispose()
    {
        _lines?.Dispose();
        Answer?.Dispose();
        _http.Dispose();
    }
}
