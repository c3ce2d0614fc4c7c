namespace CoMiGS.Kernels;

/// <summary>Runs independent parts of a pass on several threads.</summary>
internal static class Workers
{
    /// <summary>Calls <paramref name="part"/> for every number from 0 up to, not including, <paramref name="parts"/>.</summary>
    public static void Run(Action<int> part, int parts, int threads)
    {
        if (threads == 1 || parts == 1)
        {
            for (var i = 0; i < parts; i++)
            {
                part(i);
            }

            return;
        }

        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, part);
    }
}
