using CoMiGS.Models.Tokenizers.Splitting;

namespace CoMiGS.Models.Tokenizers;

/// <summary>Splitters one after another: each cuts the pieces of the one before it.</summary>
/// <param name="Splitters">In order.</param>
/// <param name="BlankBefore">The splitter before which a piece gets a blank in front unless it has one; null for nowhere. The number of splitters stands for after the last.</param>
internal sealed record PreTokenizer(IReadOnlyList<Splitter> Splitters, int? BlankBefore);
