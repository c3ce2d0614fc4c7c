using System.Buffers;
using CoMiGS.Transport.Http.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace CoMiGS.Transport.Http.Serving;

/// <summary>Reads and writes whole, hashed bodies.</summary>
internal static class Bodies
{
    /// <summary>No question of a device is longer: room for the names and shapes of as many tensors as the limits allow.</summary>
    private const long LongestQuestion = 16 << 20;

    /// <summary>Checks the length that is declared, and sees to it that no more is read.</summary>
    public static void Require(HttpContext context, long longest, long? exactly = null)
    {
        var declared = context.Request.ContentLength;
        if (declared is null || declared > longest || (exactly is not null && declared != exactly))
        {
            var status = declared is null ? StatusCodes.Status411LengthRequired : StatusCodes.Status413PayloadTooLarge;
            throw AnswerException.Refuse(status, RefusalCode.Malformed, $"The body declares {declared?.ToString() ?? "no"} bytes. {(exactly is null ? "At most" : "Exactly")} {exactly ?? longest} are expected.");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = longest;
        }
    }

    /// <summary>A question of a device; memory grows with what arrives, not with what is declared.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, PayloadLimits limits, CancellationToken connection)
    {
        Require(context, Math.Min(LongestQuestion, limits.MaxBytes));
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await context.Request.Body.ReadAsync(body.GetMemory(4096), connection).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            body.Advance(read);
        }

        return ContentDigest.Matches(context.Request.Headers[WireHeaders.ContentDigest], body.WrittenSpan)
            ? body.WrittenMemory
            : throw new AnswerException(StatusCodes.Status400BadRequest, null, $"The body is not what its {WireHeaders.ContentDigest} says.");
    }

    public static Task WriteAsync(HttpContext context, int status, ReadOnlyMemory<byte> body, string type, CancellationToken connection, string? digest = null)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = body.Length;
        response.Headers[WireHeaders.ContentDigest] = digest ?? ContentDigest.Of(body.Span);
        if (StringValues.IsNullOrEmpty(response.Headers.CacheControl))
        {
            response.Headers.CacheControl = "no-store";
        }

        return response.Body.WriteAsync(body, connection).AsTask();
    }
}
