using System.Text.Json;
using CoMiGS.Observability.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace CoMiGS.Observability.Page;

/// <summary>
/// Those who look at a run. Each has a loop of its own that writes one message at a time and makes the next from what is new by then: nothing queues up for a viewer that is
/// slow, and one that takes too long is dropped.
/// </summary>
internal sealed class Viewers(LiveRun run, LivePageOptions options, TimeProvider time, CancellationToken stopping)
{
    private static readonly byte[] Heartbeat = ": still here\n\n"u8.ToArray();
    private int _count;

    public async Task ServeAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _count) > options.MostViewers)
        {
            Interlocked.Decrement(ref _count);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "10";
            return;
        }

        PageMetrics.ViewersChanged(1);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            {
                rate.MinDataRate = null; // the server would drop a slow viewer by a rule of its own, uncounted
            }

            context.Response.ContentType = "text/event-stream";
            await ShowAsync(context, end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && (end.IsCancellationRequested || context.RequestAborted.IsCancellationRequested))
        {
            // the viewer has left, or the host stops
        }
        finally
        {
            PageMetrics.ViewersChanged(-1);
            Interlocked.Decrement(ref _count);
        }
    }

    private async Task ShowAsync(HttpContext context, CancellationToken end)
    {
        using var pace = new PeriodicTimer(options.Interval, time);
        Seen? seen = null;
        var spoke = time.GetTimestamp();
        do
        {
            (var news, seen) = run.Since(seen);
            if (news is null && time.GetElapsedTime(spoke) < options.Heartbeat)
            {
                continue;
            }

            if (!await TryWriteAsync(context, news is null ? Heartbeat : Event(news), end).ConfigureAwait(false))
            {
                PageMetrics.ViewerDropped();
                context.Abort();
                return;
            }

            spoke = time.GetTimestamp();
        }
        while (await pace.WaitForNextTickAsync(end).ConfigureAwait(false));
    }

    private static byte[] Event(LiveNews news) => [.. "data: "u8, .. JsonSerializer.SerializeToUtf8Bytes(news, LiveJson.Default.LiveNews), .. "\n\n"u8];

    /// <returns>Whether the viewer took it in time.</returns>
    private async Task<bool> TryWriteAsync(HttpContext context, byte[] message, CancellationToken end)
    {
        using var patience = new CancellationTokenSource(options.Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(end, patience.Token);
        var body = context.Response.Body;
        try
        {
            await body.WriteAsync(message, stop.Token).ConfigureAwait(false);
            await body.FlushAsync(stop.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested) // the server aborts the request besides, so that its own token may be cancelled by now
        {
            return false;
        }
    }
}
