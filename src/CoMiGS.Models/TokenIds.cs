using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>What a model says to an input that is no batch of its tokens.</summary>
internal static class TokenIds
{
    /// <summary>Refuses what is not (B, T) of ids.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static void ThrowIfNoBatch(Tensor input)
    {
        if (input.dim() != 2 || input.shape[1] == 0 || input.dtype is not (ScalarType.Int64 or ScalarType.Int32))
        {
            throw new ArgumentException($"The input is {input.dtype} [{string.Join(", ", input.shape)}]. Give token ids as int64 (B, T), with at least one token a row.", nameof(input));
        }
    }

    /// <summary>Whether an id is none of the vocabulary's.</summary>
    public static bool Outside(Tensor input, int vocabularySize) => Range(input) is var (least, most) && (least < 0 || most >= vocabularySize);

    /// <summary>The error for such an input.</summary>
    public static ArgumentException Error(Tensor input, int vocabularySize, Exception cause)
    {
        var (least, most) = Range(input);
        return new($"The input has tokens from {least} to {most}, but this model knows the ids 0 to {vocabularySize - 1}. Use the tokenizer of this model.", nameof(input), cause);
    }

    private static (long Least, long Most) Range(Tensor input)
    {
        using var scope = NewDisposeScope();
        var ids = input.to(ScalarType.Int64);
        return (ids.min().item<long>(), ids.max().item<long>());
    }
}
