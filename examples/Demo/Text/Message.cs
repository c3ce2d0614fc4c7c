namespace CoMiGS.Demo.Text;

/// <summary>One message of the SDK: its text, and the assembly that it was found in first.</summary>
/// <param name="Text">The text, with line feeds only.</param>
/// <param name="Assembly">The assembly's name without <c>.resources.dll</c>.</param>
public sealed record Message(string Text, string Assembly);
