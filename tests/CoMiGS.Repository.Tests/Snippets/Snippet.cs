namespace CoMiGS.Repository.Tests.Snippets;

/// <summary>
/// One <c>csharp</c> block of a page. Its opening line may carry a word: <c>run</c> (compiled and run), <c>continues</c> (compiled after
/// the blocks before it on the page), <c>excerpt</c> (lines of a source file, compared with it instead). An HTML comment right above it that begins with
/// <c>given:</c> holds lines that the compiler needs and the reader does not.
/// </summary>
internal sealed record Snippet(string Page, int Line, string Mode, string Given, string Code)
{
    public bool Runs => Mode == "run";

    public bool Continues => Mode == "continues";

    public bool IsExcerpt => Mode == "excerpt";

    public override string ToString() => $"{Page}:{Line}";
}
