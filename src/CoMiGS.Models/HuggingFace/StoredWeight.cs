using CoMiGS.Checkpoints;

namespace CoMiGS.Models.HuggingFace;

/// <summary>Where a parameter comes from.</summary>
/// <param name="Parameter">Its name in the model.</param>
/// <param name="Entry">The tensor in the files.</param>
/// <param name="Transposed">Whether the files hold it transposed.</param>
internal sealed record StoredWeight(string Parameter, SafetensorsEntry Entry, bool Transposed);
