using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Models.Generation;

/// <summary>Shows the model the window of every row: with a cache what it has not read yet, without one all of it.</summary>
internal sealed class WindowReader : IDisposable
{
    private readonly LanguageModel _model;
    private readonly KeyValueCache? _cache;
    private readonly bool _everyPosition;
    private readonly Device _device;

    /// <param name="model">The model.</param>
    /// <param name="cache">Taken over; null to read whole windows.</param>
    /// <param name="everyPosition">Whether the output head has to see all tokens too, because it may be routed.</param>
    public WindowReader(LanguageModel model, KeyValueCache? cache, bool everyPosition)
    {
        (_model, _cache, _everyPosition) = (model, cache, everyPosition);
        _device = model.parameters().First().device;
    }

    /// <summary>Reads.</summary>
    /// <param name="rows">B rows; the windows of those that need no reading are left out.</param>
    /// <returns>(B, V) logits of the next tokens, in the caller's dispose scope; and which tokens of each row stood in the columns of the pass.</returns>
    public (Tensor Logits, PassLayout Layout) Read(IReadOnlyList<TextRow> rows)
    {
        var starts = new int[rows.Count];
        var counts = new int[rows.Count];
        for (var b = 0; b < rows.Count; b++)
        {
            if (!rows[b].NeedsReading)
            {
                continue;
            }

            if (rows[b].Slide(_model.BlockSize))
            {
                _cache?.Clear(b);
            }

            starts[b] = rows[b].WindowStart + (_cache?.Lengths[b] ?? 0);
            counts[b] = rows[b].Length - starts[b];
        }

        var layout = new PassLayout(starts, counts);
        var input = tensor(Ids(rows, layout), [rows.Count, layout.Columns], ScalarType.Int64, _device); // (B, T)
        var logits = _cache is null ? LanguageModel.Last(_model.call(input), counts)
            : _everyPosition ? LanguageModel.Last(_model.forward(input, _cache, counts), counts)
            : _model.Next(input, _cache, counts);
        return (logits, layout);
    }

    public void Dispose() => _cache?.Dispose();

    /// <summary>The windows, with zeros behind them: a token never sees what follows it, so they need no mask.</summary>
    private static long[] Ids(IReadOnlyList<TextRow> rows, PassLayout layout)
    {
        var ids = new long[rows.Count * layout.Columns];
        for (var b = 0; b < rows.Count; b++)
        {
            for (var column = 0; column < layout.Counts[b]; column++)
            {
                ids[(b * layout.Columns) + column] = rows[b].From(layout.Starts[b])[column];
            }
        }

        return ids;
    }
}
