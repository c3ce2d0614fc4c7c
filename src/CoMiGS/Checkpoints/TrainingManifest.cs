namespace CoMiGS.Checkpoints;

/// <summary>Everything a training state says beside its tensors.</summary>
/// <param name="Device">Name of the device.</param>
/// <param name="BaseFingerprint">The frozen base model.</param>
/// <param name="Settings">Every option that the course of training depends on, by name.</param>
/// <param name="Threads">How many threads one operator used; sums in another order give other last bits.</param>
/// <param name="Progress">How far training is.</param>
/// <param name="Notes">What the host keeps with it.</param>
/// <param name="Tensors">Names, types, shapes and hashes of the tensors, in the order of their file.</param>
internal sealed record TrainingManifest(
    string Device,
    string BaseFingerprint,
    IReadOnlyDictionary<string, string> Settings,
    int Threads,
    TrainingProgress Progress,
    IReadOnlyDictionary<string, string> Notes,
    IReadOnlyList<TensorEntry> Tensors);

/// <summary>How far training is.</summary>
/// <param name="Step">Expert steps made.</param>
/// <param name="RouterStepsDue">Steps that the present router phase still lacks.</param>
/// <param name="TrainCursor">Number of the next training batch.</param>
/// <param name="ValidCursor">Number of the next validation batch.</param>
/// <param name="Experts">The optimizer of the experts.</param>
/// <param name="Router">The optimizer of the router.</param>
internal sealed record TrainingProgress(long Step, int RouterStepsDue, long TrainCursor, long ValidCursor, GroupProgress Experts, GroupProgress Router);

/// <summary>How far one optimizer is.</summary>
/// <param name="Steps">Steps made; random numbers follow from it.</param>
/// <param name="Horizon">Steps over which the rate falls; 0 where it is constant.</param>
/// <param name="LearningRate">The rate of the next step.</param>
/// <param name="Parameters">Each parameter, in the order of the optimizer.</param>
internal sealed record GroupProgress(long Steps, int Horizon, double LearningRate, IReadOnlyList<ParameterProgress> Parameters);

/// <summary>How far the optimizer is with one parameter.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Step">Steps that changed it; an expert that no token has taken yet stands still.</param>
/// <param name="HasGradient">Whether it has a gradient, be it zero: without one the optimizer passes it over, with a zero one it does not.</param>
internal sealed record ParameterProgress(string Name, long Step, bool HasGradient);

/// <summary>One tensor of a training state.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as safetensors spells it.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Sha256">SHA-256 of its bytes, in lower-case hexadecimal.</param>
internal sealed record TensorEntry(string Name, string Type, IReadOnlyList<long> Shape, string Sha256)
{
    public override string ToString() => $"{Type} [{string.Join(", ", Shape)}]";
}
