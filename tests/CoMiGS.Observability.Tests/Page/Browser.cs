using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CoMiGS.Observability.Tests.Page;

/// <summary>A headless Chromium of this machine, told what to do over its DevTools protocol.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly JsonSerializerOptions LeavingOutNull = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private readonly string _profile = Directory.CreateTempSubdirectory("comigs-browser-").FullName;
    private readonly ClientWebSocket _socket = new();
    private readonly Process _process;
    private string? _session;
    private int _commands;

    private Browser(string program)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-port=0", $"--user-data-dir={_profile}", "about:blank" })
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
    }

    /// <summary>The program; null if this machine has none.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Addresses that it asked for.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>What it complains about: errors in scripts, breaches of the page's policy, files that are missing.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<Browser> StartAsync()
    {
        var browser = new Browser(Program!);
        try
        {
            await browser.ConnectAsync().WaitAsync(Patience);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    public async Task OpenAsync(Uri address, int width, int height, bool dark)
    {
        await TellAsync("Emulation.setDeviceMetricsOverride", new { width, height, deviceScaleFactor = 1, mobile = width < 600 });
        await TellAsync("Emulation.setEmulatedMedia", new { features = new[] { new { name = "prefers-color-scheme", value = dark ? "dark" : "light" } } });
        await TellAsync("Emulation.setScrollbarsHidden", new { hidden = true });
        await TellAsync("Page.navigate", new { url = address.ToString() });
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<string> AskAsync(string expression)
    {
        var answer = await TellAsync("Runtime.evaluate", new { expression, returnByValue = true });
        return answer["result"]?["value"]?.ToString() ?? throw new InvalidOperationException($"{expression}: {answer.ToJsonString()}");
    }

    /// <summary>Waits until an expression in the page is true.</summary>
    public async Task UntilAsync(string expression)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await AskAsync($"String({expression})") != "true")
        {
            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>A picture of the whole page, from top to bottom.</summary>
    public async Task<byte[]> PictureAsync()
    {
        var answer = await TellAsync("Page.captureScreenshot", new { format = "png", captureBeyondViewport = true });
        return Convert.FromBase64String(answer["data"]!.GetValue<string>());
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _socket.Dispose();
        await DeleteProfileAsync();
    }

    /// <summary>The browser's helper processes may outlive it by a moment, and write meanwhile.</summary>
    private async Task DeleteProfileAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                Directory.Delete(_profile, recursive: true);
                return;
            }
            catch (IOException) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(50);
            }
        }
    }

    private async Task ConnectAsync()
    {
        const string announcement = "DevTools listening on ";
        string? line;
        while ((line = await _process.StandardError.ReadLineAsync()) is not null && !line.StartsWith(announcement, StringComparison.Ordinal))
        {
        }

        await _socket.ConnectAsync(new Uri(line![announcement.Length..]), CancellationToken.None);
        _ = _process.StandardError.ReadToEndAsync(); // or it would wait for somebody to read
        var target = await TellAsync("Target.createTarget", new { url = "about:blank" });
        var attached = await TellAsync("Target.attachToTarget", new { targetId = target["targetId"]!.GetValue<string>(), flatten = true });
        _session = attached["sessionId"]!.GetValue<string>();
        foreach (var domain in new[] { "Page", "Runtime", "Network", "Log" })
        {
            await TellAsync($"{domain}.enable", new { });
        }
    }

    private async Task<JsonNode> TellAsync(string method, object parameters)
    {
        var id = ++_commands;
        var command = JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters, sessionId = _session }, LeavingOutNull);
        using var patience = new CancellationTokenSource(Patience);
        await _socket.SendAsync(command, WebSocketMessageType.Text, true, patience.Token);
        while (true)
        {
            var message = await ReadAsync(patience.Token);
            if (message["id"]?.GetValue<int>() == id)
            {
                return message["result"] ?? throw new InvalidOperationException($"{method}: {message.ToJsonString()}");
            }

            Note(message);
        }
    }

    private void Note(JsonNode message)
    {
        var details = message["params"];
        switch (message["method"]?.GetValue<string>())
        {
            case "Network.requestWillBeSent":
                Requests.Add(details!["request"]!["url"]!.GetValue<string>());
                break;
            case "Runtime.exceptionThrown":
                Complaints.Add(details!["exceptionDetails"]!.ToJsonString());
                break;
            case "Log.entryAdded":
                Complaints.Add(details!["entry"]!["text"]!.GetValue<string>());
                break;
        }
    }

    private async Task<JsonNode> ReadAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return JsonNode.Parse(message.ToArray())!;
            }
        }
    }
}
