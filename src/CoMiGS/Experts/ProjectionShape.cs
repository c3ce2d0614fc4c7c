namespace CoMiGS.Experts;

/// <summary>A linear map of the frozen feed-forward, as far as an expert needs to know it.</summary>
/// <param name="Name">Its name in the base model, for example <c>c_fc</c> or <c>gate_proj</c>; the adapter carries the same.</param>
/// <param name="Inputs">Input features.</param>
/// <param name="Outputs">Output features.</param>
public sealed record ProjectionShape(string Name, long Inputs, long Outputs);
