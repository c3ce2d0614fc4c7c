namespace CoMiGS.Demo.CommandLine;

/// <summary>What the process returns to the shell.</summary>
public static class ExitCode
{
    /// <summary>The table, the report and the figures are there.</summary>
    public const int Done = 0;

    /// <summary>The training itself failed.</summary>
    public const int Failed = 1;

    /// <summary>An option, the text or the output folder has to be put right.</summary>
    public const int WrongInput = 2;

    /// <summary>Ctrl+C.</summary>
    public const int Cancelled = 130;
}
