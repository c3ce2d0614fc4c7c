using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace CoMiGS.Transport.Http.Calling;

/// <summary>A request got no answer that can be used; another one may.</summary>
[SuppressMessage("Design", "CA1032", Justification = "It never leaves the transport.")]
[SuppressMessage("Design", "CA1064", Justification = "It never leaves the transport.")]
internal sealed class BrokenAnswerException(string message, HttpStatusCode? status = null, RetryWindow? window = null, Exception? inner = null) : Exception(message, inner)
{
    public HttpStatusCode? Status => status;

    /// <summary>When the coordinator wants to hear from the device again.</summary>
    public RetryWindow? Window => window;

    /// <summary>Whether the coordinator has lost the thread: repeating the same request will not help.</summary>
    public bool IsLost => status is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.RequestedRangeNotSatisfiable;
}
