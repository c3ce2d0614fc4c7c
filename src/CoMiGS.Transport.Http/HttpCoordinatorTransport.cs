using CoMiGS.Transport.Http.Serving;
using CoMiGS.Transport.Http.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CoMiGS.Transport.Http;

/// <summary>The coordinator's end over HTTPS. It listens through the host's own web server: <see cref="CoordinatorEndpoints.MapCoMiGSCoordinator"/> gives it its addresses.</summary>
public sealed class HttpCoordinatorTransport : ICoordinatorTransport
{
    private readonly Lock _lock = new();
    private readonly HttpCoordinatorOptions _options;
    private readonly ILogger _logger;
    private readonly Door _door;
    private readonly Handlers _handlers;
    private Session? _session;
    private long _bytesReceived;
    private long _bytesSent;

    /// <summary>A transport that nobody serves yet.</summary>
    /// <param name="options">How to listen, and whom to let in.</param>
    /// <param name="time">The clock; the system's if none is given.</param>
    /// <param name="logger">Where to log; nowhere if none is given.</param>
    /// <exception cref="ArgumentException">The options break rules; all are listed.</exception>
    public HttpCoordinatorTransport(HttpCoordinatorOptions options, TimeProvider? time = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Violations().ToList() is { Count: > 0 } violations)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, violations), nameof(options));
        }

        _options = options;
        _logger = logger ?? NullLogger.Instance;
        Time = time ?? TimeProvider.System;
        _door = new Door(options, Time);
        _handlers = new Handlers(options, _logger);
    }

    /// <inheritdoc/>
    public TransportTraffic? Traffic => new(Interlocked.Read(ref _bytesReceived), Interlocked.Read(ref _bytesSent));

    private delegate Task Answer(HttpContext context, Session session, Visitor visitor, CancellationToken connection);

    private TimeProvider Time { get; }

    /// <inheritdoc/>
    /// <remarks>Called again for the same coordinator it serves that one until the last of the calls has ended: a host and an <c>InProcessFederation</c> may both serve it.</remarks>
    /// <exception cref="InvalidOperationException">It serves another coordinator.</exception>
    public async Task ServeAsync(ICoordinatorEndpoint endpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var session = Join(endpoint);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Leave(session);
    }

    internal IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup(Routes.Root);
        group.MapPost(Routes.CheckIn, context => RespondAsync(context, _handlers.CheckInAsync));
        group.MapGet(Routes.Shared, context => RespondAsync(context, _handlers.DownloadAsync));
        group.MapPost(Routes.Upload, context => RespondAsync(context, Handlers.OpenUploadAsync));
        group.MapPut(Routes.Chunk, context => RespondAsync(context, Handlers.TakeChunkAsync));
        group.MapPost(Routes.Receipt, context => RespondAsync(context, _handlers.FinishUploadAsync));
        group.MapPost(Routes.Enrolment, context => GuardAsync(context, () => GiveTokenAsync(context, _door.EnrolAsync(context))));
        group.MapPost(Routes.Renewal, context => GuardAsync(context, () => GiveTokenAsync(context, _door.RenewAsync(context))));
        return group;
    }

    private Session Join(ICoordinatorEndpoint endpoint)
    {
        lock (_lock)
        {
            if (_session is not null && _session.Endpoint != endpoint)
            {
                throw new InvalidOperationException("The transport already serves a coordinator. Stop that one first, or use a transport for each.");
            }

            _session ??= new Session(endpoint, _options, Time);
            _session.Calls++;
            return _session;
        }
    }

    private void Leave(Session session)
    {
        lock (_lock)
        {
            if (--session.Calls > 0)
            {
                return;
            }

            _session = null;
        }

        session.Dispose();
    }

    private Task RespondAsync(HttpContext context, Answer answer) => GuardAsync(context, async () =>
    {
        var visitor = await _door.AdmitAsync(context).ConfigureAwait(false);
        var session = CurrentSession() ?? throw NobodyServes();
        using var connection = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, session.Stopped);
        try
        {
            await answer(context, session, visitor, connection.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException && session.Stopped.IsCancellationRequested)
        {
            throw NobodyServes();
        }
    });

    private static async Task GiveTokenAsync(HttpContext context, Task<string> issue)
    {
        var token = await issue.ConfigureAwait(false);
        await Bodies.WriteAsync(context, StatusCodes.Status200OK, System.Text.Encoding.ASCII.GetBytes(token), WireHeaders.Token, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Every request ends with an answer, unless its device has gone.</summary>
    private async Task GuardAsync(HttpContext context, Func<Task> respond)
    {
        try
        {
            await respond().ConfigureAwait(false);
            Count(context.Request.ContentLength ?? 0, context.Response.ContentLength ?? 0);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested || context.Response.HasStarted)
        {
            context.Abort(); // half an answer must not look like a whole one
        }
        catch (AnswerException e)
        {
            await EndAsync(context, e.Status, e.Answer, e.Message).ConfigureAwait(false);
        }
        catch (RefusedException e)
        {
            await EndAsync(context, StatusCodes.Status422UnprocessableEntity, e.Refusal, e.Refusal.Reason).ConfigureAwait(false);
        }
        catch (PayloadException e)
        {
            await EndAsync(context, StatusCodes.Status400BadRequest, new Refused(RefusalCode.Malformed, e.Message), e.Message).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            await EndAsync(context, e.StatusCode, null, e.Message).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            _logger.RequestFailed(e, context.Request.Path);
            await EndAsync(context, StatusCodes.Status507InsufficientStorage, null, "The coordinator cannot store the upload.").ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _logger.RequestFailed(e, context.Request.Path);
            await EndAsync(context, StatusCodes.Status500InternalServerError, null, "The coordinator failed.").ConfigureAwait(false);
        }
    }

    private Task EndAsync(HttpContext context, int status, CheckInReply? answer, string reason)
    {
        _logger.RequestRefused(status, (answer as Refused)?.Code.ToString() ?? "", reason);
        HttpTransportMetrics.RequestRefused(status);
        if (answer is RetryWindow window)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(window.MinDelay.TotalSeconds).ToString();
        }

        var body = answer is null ? ReadOnlyMemory<byte>.Empty : PayloadCodec.Encode(answer);
        Count(0, body.Length); // of what the request declares nobody knows how much was read
        return Bodies.WriteAsync(context, status, body, WireHeaders.Payload, context.RequestAborted);
    }

    private void Count(long received, long sent)
    {
        Interlocked.Add(ref _bytesReceived, received);
        Interlocked.Add(ref _bytesSent, sent);
        HttpTransportMetrics.Carried(sent, received, atCoordinator: true);
    }

    private Session? CurrentSession()
    {
        lock (_lock)
        {
            return _session;
        }
    }

    private AnswerException NobodyServes() =>
        AnswerException.ComeBack(StatusCodes.Status503ServiceUnavailable, _options.RetryAfter, _options.RetryAfter * 2, "No coordinator serves at the moment. Come back.");
}
