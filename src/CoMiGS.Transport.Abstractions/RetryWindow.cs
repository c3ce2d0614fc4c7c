namespace CoMiGS.Transport;

/// <summary>Nothing to do now: check in again after a delay drawn from this window, so that a fleet does not come back all at once.</summary>
/// <param name="MinDelay">The shortest delay.</param>
/// <param name="MaxDelay">The longest delay.</param>
/// <param name="Reason">Why, in a sentence, for example <c>Waiting for devices: 1 of 4.</c></param>
public sealed record RetryWindow(TimeSpan MinDelay, TimeSpan MaxDelay, string Reason) : CheckInReply;
