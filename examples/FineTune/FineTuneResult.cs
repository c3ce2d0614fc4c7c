namespace CoMiGS.FineTune;

/// <summary>What came out.</summary>
/// <param name="Before">Perplexity per token of the test text, of the checkpoint alone.</param>
/// <param name="After">The same with the trained experts.</param>
/// <param name="Prompt">What was continued.</param>
/// <param name="TextBefore">How the checkpoint alone continued it.</param>
/// <param name="TextAfter">How the trained experts did.</param>
/// <param name="Adapters">Where the adapters were saved.</param>
public sealed record FineTuneResult(double Before, double After, string Prompt, string TextBefore, string TextAfter, string Adapters);
