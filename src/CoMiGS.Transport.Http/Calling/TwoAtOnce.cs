namespace CoMiGS.Transport.Http.Calling;

/// <summary>Moves the chunks of a transfer, two at a time: while one is on the line, the other is hashed, written, or waited for.</summary>
internal static class TwoAtOnce
{
    private const int ChunksAtOnce = 2;

    public static async Task MoveAsync(IEnumerable<int> chunks, Func<int, CancellationToken, ValueTask> move, CancellationToken cancellationToken)
    {
        try
        {
            await Parallel.ForEachAsync(chunks, new ParallelOptions { MaxDegreeOfParallelism = ChunksAtOnce, CancellationToken = cancellationToken }, move).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BrokenAnswerException("One chunk failed, which stopped the other.");
        }
    }
}
