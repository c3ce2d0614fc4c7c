using System.Diagnostics.CodeAnalysis;

namespace CoMiGS.Transport.Http.Serving;

/// <summary>Ends a request with a status, and an answer that says why.</summary>
[SuppressMessage("Design", "CA1032", Justification = "An answer without a status is none.")]
[SuppressMessage("Design", "CA1064", Justification = "It never leaves the transport.")]
internal sealed class AnswerException(int status, CheckInReply? answer, string message) : Exception(message)
{
    public int Status => status;

    /// <summary>A refusal, or a window to come back in; nothing when the request only got damaged on its way.</summary>
    public CheckInReply? Answer => answer;

    public static AnswerException Refuse(int status, RefusalCode code, string reason) => new(status, new Refused(code, reason), reason);

    public static AnswerException ComeBack(int status, TimeSpan soonest, TimeSpan latest, string reason) => new(status, new RetryWindow(soonest, latest, reason), reason);
}
