namespace CoMiGS.Models.Generation;

/// <summary>One token of a stream.</summary>
/// <param name="Row">Number of the prompt that it continues, from 0.</param>
/// <param name="Id">Its id.</param>
public readonly record struct GeneratedToken(int Row, int Id);
