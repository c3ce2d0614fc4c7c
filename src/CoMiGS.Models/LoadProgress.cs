namespace CoMiGS.Models;

/// <summary>How far a checkpoint has been loaded.</summary>
/// <param name="Tensor">The tensor that has just been read.</param>
/// <param name="Bytes">Bytes of the checkpoint read so far.</param>
/// <param name="TotalBytes">Bytes to be read.</param>
public readonly record struct LoadProgress(string Tensor, long Bytes, long TotalBytes);
