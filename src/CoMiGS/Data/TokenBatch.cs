using static TorchSharp.torch;

namespace CoMiGS.Data;

/// <summary>Inputs and the tokens that follow them.</summary>
/// <param name="Inputs">(B, T), int64; belongs to the current dispose scope.</param>
/// <param name="Targets">(B, T), int64: the inputs one token later.</param>
public sealed record TokenBatch(Tensor Inputs, Tensor Targets)
{
    /// <summary>B * T.</summary>
    public long Tokens => Inputs.numel();

    /// <summary>Builds a batch from windows of T + 1 tokens.</summary>
    internal static TokenBatch Of(ITokenSource source, ReadOnlySpan<long> starts, int window, int? vocabularySize)
    {
        var inputs = new long[starts.Length * window];
        var targets = new long[starts.Length * window];
        var tokens = new long[window + 1];
        for (var b = 0; b < starts.Length; b++)
        {
            source.Read(starts[b], tokens);
            Check(source, starts[b], tokens, vocabularySize);
            tokens.AsSpan(0, window).CopyTo(inputs.AsSpan(b * window));
            tokens.AsSpan(1, window).CopyTo(targets.AsSpan(b * window));
        }

        return new(tensor(inputs, [starts.Length, window]), tensor(targets, [starts.Length, window]));
    }

    private static void Check(ITokenSource source, long start, ReadOnlySpan<long> tokens, int? vocabularySize)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            if (tokens[i] >= vocabularySize)
            {
                throw new TokenOutsideVocabularyException(source.Name, start + i, tokens[i], vocabularySize.Value);
            }
        }
    }
}
