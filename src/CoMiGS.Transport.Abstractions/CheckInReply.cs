namespace CoMiGS.Transport;

/// <summary>
/// What the coordinator answers to a check-in: <see cref="RoundPlan"/>, <see cref="RetryWindow"/>, <see cref="RunFinished"/> or <see cref="Refused"/>.
/// </summary>
public abstract record CheckInReply
{
    private protected CheckInReply()
    {
    }
}
