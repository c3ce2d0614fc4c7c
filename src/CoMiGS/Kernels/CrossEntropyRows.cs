using System.Runtime.Intrinsics;

namespace CoMiGS.Kernels;

/// <summary>The cross-entropy of rows of logits, and its gradient in their place.</summary>
internal static unsafe class CrossEntropyRows
{
    /// <summary>A target that does not count.</summary>
    public const long Ignored = -100;

    private const int PartsPerThread = 4; // so that a thread that is late does not keep the other waiting

    /// <summary>
    /// For every row x with the target t: log sum_v exp(x_v) - x_t. Where a gradient is wanted, x_v becomes scale (softmax(x)_v - [v = t]). A row whose target is
    /// <see cref="Ignored"/> has the loss 0 and the gradient 0.
    /// </summary>
    /// <param name="type">Type of the logits.</param>
    /// <param name="logits">(rows, V); overwritten.</param>
    /// <param name="targets">(rows): ids from 0 up to, not including, V, or <see cref="Ignored"/>.</param>
    /// <param name="rows">How many.</param>
    /// <param name="vocabulary">V.</param>
    /// <param name="scale">What the gradient is multiplied by; null where none is wanted.</param>
    /// <param name="losses">(rows); written.</param>
    /// <param name="threads">How many threads to use.</param>
    public static void Run(RowType type, void* logits, long* targets, int rows, int vocabulary, float? scale, double* losses, int threads)
    {
        var parts = Math.Min(rows, PartsPerThread * threads);
        var pass = new CrossEntropyPass(type, logits, targets, vocabulary, scale, losses);
        Workers.Run(Part, parts, threads);

        void Part(int part)
        {
            var (begin, end) = ((int)((long)part * rows / parts), (int)((part + 1L) * rows / parts));
            if (Vector512.IsHardwareAccelerated)
            {
                pass.Run<Lanes512>(begin, end);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                pass.Run<Lanes256>(begin, end);
            }
            else
            {
                pass.Run<Lanes128>(begin, end);
            }
        }
    }
}
