namespace CoMiGS.Models.Tokenizers;

/// <summary>An added token in a text.</summary>
/// <param name="Start">Where it begins, swallowed white space included.</param>
/// <param name="End">Where it ends, swallowed white space included.</param>
/// <param name="Id">Its id.</param>
internal readonly record struct AddedTokenMatch(int Start, int End, int Id);
