using System.Net;
using CoMiGS.Transport.Http.Wire;

namespace CoMiGS.Transport.Http.Calling;

/// <summary>Reads answers: their status, and bodies that are whole.</summary>
internal static class Answers
{
    public const int LongestReply = 16 << 20;
    public const int LongestToken = 8192;

    /// <summary>Ends the request with the exception that its status stands for, unless it was answered as asked.</summary>
    public static async Task RequireSuccessAsync(HttpResponseMessage response, PayloadLimits limits, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified)
        {
            return;
        }

        var answer = await ReadAnswerAsync(response, limits, cancellationToken).ConfigureAwait(false);
        throw answer switch
        {
            Refused refused => new RefusedException(refused),
            RetryWindow window => Broken(response, $": {window.Reason}", window),
            _ => Broken(response, ""),
        };
    }

    /// <summary>The whole body; its declared length is held against the limit before memory is taken.</summary>
    public static async Task<byte[]> ReadAsync(HttpResponseMessage response, long longest, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength is not { } length || length > longest)
        {
            throw Broken(response, $" and declares {response.Content.Headers.ContentLength?.ToString() ?? "no"} bytes; at most {longest} are expected");
        }

        var body = new byte[length];
        await FillAsync(response, body, cancellationToken).ConfigureAwait(false);
        return ContentDigest.Matches(Header(response, WireHeaders.ContentDigest), body) ? body : throw Damaged(response);
    }

    /// <summary>The whole body, a range of a payload, to where it belongs.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="body">Takes the range.</param>
    /// <param name="digests">Takes the digests of its blocks.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task ReadAsync(HttpResponseMessage response, Memory<byte> body, Memory<byte> digests, CancellationToken cancellationToken)
    {
        await FillAsync(response, body, cancellationToken).ConfigureAwait(false);
        if (!ContentDigest.Matches(Header(response, WireHeaders.ContentDigest), body.Span, digests.Span))
        {
            throw Damaged(response);
        }
    }

    public static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    public static BrokenAnswerException Broken(HttpResponseMessage response, string detail, RetryWindow? window = null) =>
        new($"The coordinator answers with status {(int)response.StatusCode}{detail}.", response.StatusCode, window);

    private static async Task FillAsync(HttpResponseMessage response, Memory<byte> body, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength != body.Length)
        {
            throw Broken(response, $" and declares {response.Content.Headers.ContentLength?.ToString() ?? "no"} bytes; {body.Length} are expected");
        }

        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await stream.ReadExactlyAsync(body, cancellationToken).ConfigureAwait(false);
    }

    private static BrokenAnswerException Damaged(HttpResponseMessage response) => Broken(response, $", but its body is not what its {WireHeaders.ContentDigest} says");

    private static async Task<CheckInReply?> ReadAnswerAsync(HttpResponseMessage response, PayloadLimits limits, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != WireHeaders.Payload || response.Content.Headers.ContentLength is null or 0)
        {
            return null; // whatever answers there does not speak this protocol
        }

        return PayloadCodec.DecodeCheckInReply(await ReadAsync(response, LongestReply, cancellationToken).ConfigureAwait(false), limits);
    }
}
