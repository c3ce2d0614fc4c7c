namespace CoMiGS.Models;

/// <summary>How the frequencies of rotary position embeddings are stretched for windows longer than those of the first training.</summary>
public abstract record RopeScaling
{
    /// <summary>The name that Hugging Face's <c>config.json</c> gives it as <c>rope_type</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The stretched frequency.</summary>
    /// <param name="frequency">Radians a position.</param>
    public abstract double Apply(double frequency);

    /// <summary>Every rule it breaks, as sentences; empty when it is valid.</summary>
    public abstract IEnumerable<string> Violations();
}
