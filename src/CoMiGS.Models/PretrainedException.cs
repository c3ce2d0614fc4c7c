namespace CoMiGS.Models;

/// <summary>A checkpoint cannot be loaded; the message lists everything that is wrong with it.</summary>
public sealed class PretrainedException : Exception
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="folder">The checkpoint.</param>
    /// <param name="problems">One sentence each.</param>
    public PretrainedException(string folder, IReadOnlyList<string> problems)
        : base($"'{folder}' cannot be loaded:{Environment.NewLine}- {string.Join($"{Environment.NewLine}- ", problems)}") => Problems = problems;

    /// <summary>Everything that is wrong, one sentence each.</summary>
    public IReadOnlyList<string> Problems { get; }
}
