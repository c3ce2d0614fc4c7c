namespace CoMiGS.Aggregation;

/// <summary>
/// The memory of sums that are done, for the next round's: thrown away, it would wait for the garbage collector while the next round takes more. Held weakly, so what nobody takes is not kept
/// either.
/// </summary>
internal static class SpareArrays
{
    private static readonly Lock Lock = new();
    private static readonly WeakReference<Dictionary<int, Stack<long[]>>> Spare = new([]);

    /// <summary>An array of zeros.</summary>
    public static long[] Take(int length)
    {
        long[]? array = null;
        lock (Lock)
        {
            if (Spare.TryGetTarget(out var spare) && spare.TryGetValue(length, out var stack))
            {
                stack.TryPop(out array);
            }
        }

        if (array is null)
        {
            return new long[length];
        }

        Array.Clear(array);
        return array;
    }

    /// <summary>Takes an array back.</summary>
    /// <param name="array">The array; nobody uses it any more.</param>
    public static void Give(long[] array)
    {
        lock (Lock)
        {
            if (!Spare.TryGetTarget(out var spare))
            {
                Spare.SetTarget(spare = []);
            }

            if (!spare.TryGetValue(array.Length, out var stack))
            {
                spare.Add(array.Length, stack = []);
            }

            stack.Push(array);
        }
    }
}
