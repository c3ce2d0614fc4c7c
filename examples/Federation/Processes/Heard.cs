namespace CoMiGS.FederationTrial.Processes;

/// <summary>The messages that the trial waits for.</summary>
internal static class Heard
{
    private const int Listening = 14, RoundOpened = 3001, RoundClosed = 3002, UpdateCounts = 3004, RunGoesOn = 3008, StateResumed = 2001, StepDone = 9000, RoundTrained = 9001;

    /// <summary>The coordinator listens.</summary>
    public static bool IsListening(LogLine line) => line.Id == Listening && line.Category == "Microsoft.Hosting.Lifetime";

    /// <summary>The coordinator goes on with its run.</summary>
    public static bool IsRunGoingOn(LogLine line) => Is(line, RunGoesOn);

    /// <summary>A device goes on from its training state.</summary>
    public static bool IsStateResumed(LogLine line) => Is(line, StateResumed);

    /// <summary>A round has closed.</summary>
    public static bool IsRoundClosed(LogLine line) => Is(line, RoundClosed);

    /// <summary>A round has opened.</summary>
    public static bool IsRoundOpened(LogLine line) => Is(line, RoundOpened);

    /// <summary>A device has trained its part of a round.</summary>
    public static bool IsRoundTrained(LogLine line) => Is(line, RoundTrained);

    /// <summary>An update counts in a round.</summary>
    public static bool IsUpdate(LogLine line, int round) => Is(line, UpdateCounts) && line.Number("Round") == round;

    /// <summary>A device has made a step, or a later one.</summary>
    public static bool IsStep(LogLine line, int step) => Is(line, StepDone) && line.Number("Step") >= step;

    private static bool Is(LogLine line, int id) => line.Id == id && line.Category.StartsWith("CoMiGS", StringComparison.Ordinal);
}
