using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using CoMiGS.Parameters;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CoMiGS.Transport.Http.Tests.Faults;

/// <summary>
/// A proxy that ends TLS, so that none of its faults can be noticed by TLS: it loses requests and answers, cuts them short, flips their bits, holds them back so that others pass them, and sends
/// requests twice, at once or long afterwards.
/// </summary>
internal sealed class HttpFaultProxy : IAsyncDisposable
{
    private const int MostRemembered = 40;
    private static readonly TimeSpan Forgotten = TimeSpan.FromMilliseconds(300);
    private static readonly string[] OfTheConnection = ["Connection", "Transfer-Encoding", "Keep-Alive", "Host"];
    private readonly WebApplication _app;
    private readonly HttpClient _coordinator;
    private readonly Lock _draw = new();
    private SeededRandom _random;
    private readonly int _most;
    private readonly int _oneIn;
    private readonly ConcurrentQueue<Request> _seen = [];
    private int _faults;

    private HttpFaultProxy(TestAuthority authority, int target, long seed, int most, int oneIn)
    {
        (_random, _most, _oneIn) = (new SeededRandom(seed), most, oneIn);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority.Certificate);
        _coordinator = new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{target}"), DefaultRequestVersion = HttpVersion.Version20 };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(authority.Server())));
        _app = builder.Build();
        _app.Run(CarryAsync);
    }

    private enum Fault
    {
        None,
        LoseRequest,
        CutRequest,
        FlipRequest,
        LoseAnswer,
        CutAnswer,
        FlipAnswer,
        HoldBack,
        Twice,
        AnOldOne,
    }

    public ConcurrentDictionary<string, int> Faults { get; } = [];

    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <param name="authority">Whose certificate it shows, and whom it trusts.</param>
    /// <param name="target">The coordinator's port.</param>
    /// <param name="seed">What the faults are drawn from.</param>
    /// <param name="most">How many faults; then it is a proxy like any other.</param>
    /// <param name="oneIn">One request of so many has a fault.</param>
    public static async Task<HttpFaultProxy> StartAsync(TestAuthority authority, int target, long seed, int most, int oneIn)
    {
        var proxy = new HttpFaultProxy(authority, target, seed, most, oneIn);
        await proxy._app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _coordinator.Dispose();
    }

    private async Task CarryAsync(HttpContext context)
    {
        try
        {
            var request = await ReadAsync(context);
            var (fault, part) = Draw(request);
            await CarryAsync(context, request, fault, part);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            context.Abort(); // the coordinator is away, or the device is
        }
    }

    private async Task CarryAsync(HttpContext context, Request request, Fault fault, double part)
    {
        switch (fault)
        {
            case Fault.LoseRequest:
                context.Abort();
                return;
            case Fault.CutRequest:
                await ForgetAsync(request with { CutAt = (int)(part * request.Body.Length) });
                context.Abort();
                return;
            case Fault.FlipRequest:
                request = request with { Body = Flipped(request.Body, part) };
                break;
            case Fault.HoldBack:
                await Task.Delay(TimeSpan.FromMilliseconds(1 + (part * 80)), context.RequestAborted);
                break;
            case Fault.Twice:
                await ForgetAsync(request);
                break;
            case Fault.AnOldOne when _seen.ToArray() is { Length: > 0 } old:
                await ForgetAsync(old[(int)(part * old.Length)]);
                break;
        }

        using var answer = await SendAsync(request, context.RequestAborted);
        var body = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
        if (fault == Fault.LoseAnswer)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !OfTheConnection.Contains(header.Key)))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        if (fault == Fault.CutAnswer)
        {
            await context.Response.StartAsync(context.RequestAborted);
            await context.Response.Body.WriteAsync(body.AsMemory(0, (int)(part * body.Length)), context.RequestAborted);
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(fault == Fault.FlipAnswer ? Flipped(body, part) : body, context.RequestAborted);
    }

    private (Fault Fault, double Part) Draw(Request request)
    {
        lock (_draw)
        {
            _seen.Enqueue(request);
            while (_seen.Count > MostRemembered && _seen.TryDequeue(out _))
            {
                // the oldest are forgotten
            }

            var (fault, part) = ((Fault)(1 + _random.NextInt64((long)Fault.AnOldOne)), _random.NextDouble());
            if (_faults >= _most || _random.NextInt64(_oneIn) != 0 || (request.Body.Length == 0 && fault is Fault.FlipRequest or Fault.CutRequest))
            {
                return (Fault.None, part);
            }

            _faults++;
            Faults.AddOrUpdate(fault.ToString(), 1, (_, count) => count + 1);
            return (fault, part);
        }
    }

    /// <summary>Sends a request whose answer nobody hears.</summary>
    private async Task ForgetAsync(Request request)
    {
        using var stop = new CancellationTokenSource(Forgotten);
        try
        {
            using var answer = await SendAsync(request, stop.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // whatever became of it
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Request request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Address);
        if (request.Body.Length > 0 || request.Method != HttpMethods.Get)
        {
            message.Content = request.CutAt is { } cut ? new CutContent(request.Body, cut) : new ByteArrayContent(request.Body);
        }

        foreach (var (name, values) in request.Headers.Where(header => !OfTheConnection.Contains(header.Key) && !header.Key.StartsWith(':')))
        {
            if (!message.Headers.TryAddWithoutValidation(name, values))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, values);
            }
        }

        return await _coordinator.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private static async Task<Request> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return new Request(
            context.Request.Method,
            context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent(),
            [.. context.Request.Headers.Select(header => (header.Key, header.Value.Select(value => value ?? "").ToArray()))],
            body.ToArray());
    }

    private static byte[] Flipped(byte[] bytes, double part)
    {
        byte[] flipped = [.. bytes];
        if (flipped.Length > 0)
        {
            var bit = (long)(part * flipped.Length * 8);
            flipped[bit / 8] ^= (byte)(1 << (int)(bit % 8));
        }

        return flipped;
    }

    private sealed record Request(string Method, string Address, IReadOnlyList<(string Key, string[] Value)> Headers, byte[] Body, int? CutAt = null);

    /// <summary>A body that ends before the length that it declares.</summary>
    private sealed class CutContent(byte[] body, int length) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(body.AsMemory(0, length));
            await stream.FlushAsync();
            throw new IOException("The line is cut.");
        }

        protected override bool TryComputeLength(out long bytes)
        {
            bytes = body.Length;
            return true;
        }
    }
}
