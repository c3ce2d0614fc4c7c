using System.Buffers.Text;
using System.Globalization;

namespace CoMiGS.Transport.Http.Wire;

/// <summary>The addresses of the protocol; <c>docs/protocol.md</c> describes them.</summary>
internal static class Routes
{
    public const string Root = "/comigs/v1";
    public const string CheckIn = "/check-in";
    public const string Shared = "/shared/{request}";
    public const string Upload = "/uploads/{hash}";
    public const string Chunk = "/uploads/{hash}/{index:int:min(0)}";
    public const string Receipt = "/uploads/{hash}/receipt";
    public const string Enrolment = "/enrolment";
    public const string Renewal = "/enrolment/renewal";

    /// <summary>How long an upload is, in its opening request.</summary>
    public const string BytesQuery = "bytes";

    public static string OfCheckIn => Root + CheckIn;

    public static string OfEnrolment => Root + Enrolment;

    public static string OfRenewal => Root + Renewal;

    /// <summary>Names of runs and devices may hold anything, so the request travels as a payload here too.</summary>
    public static string OfShared(byte[] request) => $"{Root}/shared/{Base64Url.EncodeToString(request)}";

    public static string OfUpload(string hash, long bytes) => string.Create(CultureInfo.InvariantCulture, $"{Root}/uploads/{hash}?{BytesQuery}={bytes}");

    public static string OfChunk(string hash, int index) => string.Create(CultureInfo.InvariantCulture, $"{Root}/uploads/{hash}/{index}");

    public static string OfReceipt(string hash) => $"{Root}/uploads/{hash}/receipt";
}
