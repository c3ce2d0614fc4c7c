namespace CoMiGS.Checkpoints;

/// <summary>A folder holds training states, but none that can be used.</summary>
public sealed class TrainingStateException : Exception
{
    /// <summary>Lists why each state is refused.</summary>
    /// <param name="folder">The folder of states.</param>
    /// <param name="refused">The states, the newest first.</param>
    public TrainingStateException(string folder, IReadOnlyList<RefusedState> refused)
        : base($"None of the {refused.Count} training states in '{folder}' can be used, and nothing was changed:{Environment.NewLine}"
            + string.Join(Environment.NewLine, refused.Select(state => $"- {state.Reason.ReplaceLineEndings($"{Environment.NewLine}- ")}"))
            + $"{Environment.NewLine}Put right what differs, or begin anew with another folder.")
    {
        Folder = folder;
        Refused = refused;
    }

    /// <summary>The folder of states.</summary>
    public string Folder { get; }

    /// <summary>The states and why each is refused, the newest first.</summary>
    public IReadOnlyList<RefusedState> Refused { get; }
}
