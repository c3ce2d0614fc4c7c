using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>
/// Keys and values of the tokens a model has read, so that the next pass computes its own tokens only. Room for all layers is taken at the first pass and written in
/// place; it does not grow. The rows of a batch may have read different numbers of tokens.
/// </summary>
/// <remarks>One pass at a time: two generations on one model take two caches.</remarks>
public sealed class KeyValueCache : IDisposable
{
    private readonly List<(Tensor Keys, Tensor Values)> _layers = []; // (B, H, capacity + 1, e) each: the last slot takes the padding
    private readonly int[] _lengths;

    /// <summary>An empty cache.</summary>
    /// <param name="model">The model that will read into it.</param>
    /// <param name="rows">B, rows of a batch.</param>
    /// <param name="capacity">The most tokens a row can hold. Default: null, the model's block size, which is also the most it may be.</param>
    /// <exception cref="ArgumentOutOfRangeException">No rows, or a capacity outside 1 to the block size.</exception>
    public KeyValueCache(LanguageModel model, int rows = 1, int? capacity = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        Model = model;
        Capacity = capacity ?? model.BlockSize;
        if (Capacity < 1 || Capacity > model.BlockSize)
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, $"The capacity is {capacity}, but {model.GetType().Name} reads 1 to {model.BlockSize} tokens. Use a capacity in that range.");
        }

        _lengths = new int[rows];
    }

    /// <summary>B, rows of a batch.</summary>
    public int Rows => _lengths.Length;

    /// <summary>The most tokens a row can hold.</summary>
    public int Capacity { get; }

    /// <summary>How many tokens each row holds.</summary>
    public IReadOnlyList<int> Lengths => _lengths;

    internal LanguageModel Model { get; }

    /// <summary>Forgets what a row has read; its room stays taken.</summary>
    /// <param name="row">Number of the row, from 0.</param>
    public void Clear(int row) => _lengths[row] = 0;

    /// <summary>Frees the room.</summary>
    public void Dispose()
    {
        foreach (var (keys, values) in _layers)
        {
            keys.Dispose();
            values.Dispose();
        }

        _layers.Clear();
        Array.Clear(_lengths);
    }

    /// <summary>Where a pass of <paramref name="columns"/> tokens a row, of which <paramref name="counts"/> are real, goes.</summary>
    internal CacheWindow Window(IReadOnlyList<int> counts, int columns)
    {
        for (var row = 0; row < Rows; row++)
        {
            if (counts[row] < 0 || counts[row] > columns)
            {
                throw new ArgumentException($"Row {row} is said to have {counts[row]} tokens, but the input has {columns} columns. Use 0 to {columns}.", nameof(counts));
            }

            if (_lengths[row] + counts[row] > Capacity)
            {
                throw new ArgumentException(
                    $"Row {row} of the cache holds {_lengths[row]} of at most {Capacity} tokens, so {counts[row]} more do not fit. Make a larger cache (the model reads up to {Model.BlockSize}), or clear the row and read the end of its text again.",
                    nameof(counts));
            }
        }

        return new CacheWindow([.. _lengths], counts, columns);
    }

    /// <summary>Puts a layer's keys and values into their slots.</summary>
    /// <returns>(B, H, S, e): all slots in use, as views.</returns>
    internal (Tensor Keys, Tensor Values) Write(int layer, CacheWindow window, Tensor keys, Tensor values)
    {
        if (layer == _layers.Count)
        {
            _layers.Add((Room(keys), Room(values)));
        }

        var room = _layers[layer];
        return (Put(room.Keys, window, keys), Put(room.Values, window, values));
    }

    /// <summary>Counts the tokens of a pass that went through all layers.</summary>
    internal void Advance(IReadOnlyList<int> counts)
    {
        for (var row = 0; row < Rows; row++)
        {
            _lengths[row] += counts[row];
        }
    }

    private Tensor Put(Tensor room, CacheWindow window, Tensor part)
    {
        if (window.Start is { } start)
        {
            room.narrow(2, start, window.Columns).copy_(part);
        }
        else
        {
            var slots = tensor(window.Slots(spill: Capacity), [window.Rows, 1, window.Columns, 1], ScalarType.Int64, room.device); // (B, 1, T, 1)
            room.scatter_(2, slots.expand(part.shape), part);
        }

        return room.narrow(2, 0, window.End);
    }

    /// <summary>Zeros, because what is masked is still multiplied by its weight of zero; and no inference tensor, so that any later pass may write to it.</summary>
    private Tensor Room(Tensor like)
    {
        using var ordinary = inference_mode(false);
        return zeros([like.shape[0], like.shape[1], Capacity + 1L, like.shape[3]], like.dtype, like.device).DetachFromDisposeScope();
    }
}
