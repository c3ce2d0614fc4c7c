using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using CoMiGS.Transport.Http.Wire;
using Polly;

namespace CoMiGS.Transport.Http.Calling;

/// <summary>Sends requests as the device, and repeats them until one gets through.</summary>
internal sealed partial class Caller : IDisposable
{
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(20);
    private readonly HttpDeviceOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _retry;
    private long _clockSkew; // ticks by which the coordinator's clock is ahead

    public Caller(Uri address, HttpDeviceOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _retry = RetryPolicy.Of(options, time);
        HttpMessageHandler handler = Sockets(options);
        _http = new HttpClient(options.Handler?.Invoke(handler) ?? handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends a request until it gets an answer that can be used.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="path">Its path and query.</param>
    /// <param name="body">Its body, if it has one.</param>
    /// <param name="read">Makes the result of the answer.</param>
    /// <param name="timeout">How long one try may take.</param>
    /// <param name="headers">Adds headers; given the coordinator's time, as far as it is known.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="RefusedException">The coordinator refuses the request.</exception>
    /// <exception cref="BrokenAnswerException">No try got through.</exception>
    public ValueTask<T> SendAsync<T>(
        HttpMethod method,
        string path,
        Body? body,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        TimeSpan timeout,
        CancellationToken cancellationToken,
        Action<HttpRequestHeaders, DateTimeOffset>? headers = null) =>
        _retry.ExecuteAsync(token => TryAsync(method, path, body, read, timeout, headers, token), cancellationToken);

    public void Dispose()
    {
        _http.Dispose();
        _renewing.Dispose();
    }

    private static SocketsHttpHandler Sockets(HttpDeviceOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // an identity is shown to the address that was given, and to no other
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            KeepAlivePingDelay = PingAfter,
            KeepAlivePingTimeout = PingAfter,
        };
        if (options.ClientCertificate is { } certificate)
        {
            handler.SslOptions.ClientCertificates = [certificate];
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        if (options.ServerAuthorities.Count > 0)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(options.ServerAuthorities);
        }

        return handler;
    }

    private async ValueTask<T> TryAsync<T>(
        HttpMethod method,
        string path,
        Body? body,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        TimeSpan timeout,
        Action<HttpRequestHeaders, DateTimeOffset>? headers,
        CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(timeout, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await RenewWhenDueAsync(stop.Token).ConfigureAwait(false);
            using var request = Request(method, path, body);
            headers?.Invoke(request.Headers, Now());
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token).ConfigureAwait(false);
            SetClock(response);
            await Answers.RequireSuccessAsync(response, _options.Limits, stop.Token).ConfigureAwait(false);
            var result = await read(response, stop.Token).ConfigureAwait(false);
            HttpTransportMetrics.Carried(body?.Bytes.Length ?? 0, response.Content.Headers.ContentLength ?? 0, atCoordinator: false);
            return result;
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw new BrokenAnswerException(
                $"{method} {_http.BaseAddress!.Authority}: there is no TLS connection. {e.InnerException?.Message ?? e.Message} Add the authority of the coordinator's certificate to ServerAuthorities, and call the coordinator by a name that is in it.", inner: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new BrokenAnswerException($"{method} {_http.BaseAddress!.Authority}: {e.Message}", inner: e);
        }
        catch (OperationCanceledException e) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new BrokenAnswerException($"The coordinator did not answer within {timeout}.", inner: e);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, Body? body)
    {
        var address = new Uri(_http.BaseAddress!, path);
        var request = new HttpRequestMessage(method, address) { Version = _options.HttpVersion, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        if (body is { } content)
        {
            request.Content = new ReadOnlyMemoryContent(content.Bytes);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(WireHeaders.Bytes);
            request.Headers.TryAddWithoutValidation(WireHeaders.ContentDigest, content.Digest);
        }

        if (_options.Token is { } token)
        {
            var (shown, proof) = token.Show(method.Method, address, Now());
            request.Headers.Authorization = new AuthenticationHeaderValue(WireHeaders.TokenScheme, shown);
            request.Headers.Add(WireHeaders.Proof, proof);
        }

        return request;
    }

    private DateTimeOffset Now() => _time.GetUtcNow().AddTicks(Interlocked.Read(ref _clockSkew));

    /// <summary>A coordinator that refuses a proof or a token for its time says what time it is: what comes next goes by that clock.</summary>
    private void SetClock(HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.Unauthorized && long.TryParse(Answers.Header(response, WireHeaders.Time), out var milliseconds) && milliseconds is >= 0 and < 1L << 47)
        {
            var skew = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) - _time.GetUtcNow();
            var corrected = Math.Abs(skew.Ticks - Interlocked.Exchange(ref _clockSkew, skew.Ticks)) > TimeSpan.TicksPerSecond;
            if (corrected)
            {
                throw Answers.Broken(response, ": this device's clock is off, and is corrected for the next try");
            }
        }
    }
}
