using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Utils;

/// <summary>A dictionary that remembers the order of insertion. Replacing a value keeps its place; removing and adding moves it to the end.</summary>
public class OrderedDict<TKey, TValue> : IEnumerable<(TKey, TValue)>
    where TKey : notnull
{
    private readonly List<(TKey, TValue)> list = [];
    private readonly Dictionary<TKey, TValue> values_ = [];

    /// <summary>The number of entries.</summary>
    public int Count => list.Count;

    /// <summary>The keys in order.</summary>
    public ICollection<TKey> Keys => list.ConvertAll(e => e.Item1);

    /// <summary>The values in order.</summary>
    public ICollection<TValue> Values => list.ConvertAll(e => e.Item2);

    /// <summary>The value of a key.</summary>
    public TValue this[TKey key]
    {
        get => values_[key];
        set
        {
            var position = list.FindIndex(e => e.Item1.Equals(key));
            values_[key] = value;
            if (position >= 0)
            {
                list[position] = (key, value);
            }
            else
            {
                list.Add((key, value));
            }
        }
    }

    /// <summary>The entry at a position.</summary>
    public (TKey, TValue) this[int index]
    {
        get => list[index];
        set
        {
            values_.Remove(list[index].Item1);
            values_[value.Item1] = value.Item2;
            list[index] = value;
        }
    }

    /// <summary>Appends an entry; a second entry under one key throws.</summary>
    public void Add(TKey key, TValue value)
    {
        values_.Add(key, value);
        list.Add((key, value));
    }

    /// <summary>Appends an entry; a second entry under one key throws.</summary>
    public void Add((TKey, TValue) item) => Add(item.Item1, item.Item2);

    /// <summary>Whether a key is present.</summary>
    public bool ContainsKey(TKey key) => values_.ContainsKey(key);

    /// <summary>Removes a key.</summary>
    public bool Remove(TKey key)
    {
        list.RemoveAll(e => e.Item1.Equals(key));
        return values_.Remove(key);
    }

    /// <summary>Reads the value of a key if it is present.</summary>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => values_.TryGetValue(key, out value);

    /// <summary>Removes everything.</summary>
    public void Clear()
    {
        list.Clear();
        values_.Clear();
    }

    /// <summary>Removes everything.</summary>
    public void clear() => Clear();

    /// <summary>The keys.</summary>
    public IEnumerable<TKey> keys() => Keys;

    /// <summary>The values.</summary>
    public IEnumerable<TValue> values() => Values;

    /// <summary>The entries in order.</summary>
    public IEnumerator<(TKey, TValue)> items() => GetEnumerator();

    /// <summary>The entries in order.</summary>
    public IEnumerator<(TKey, TValue)> GetEnumerator() => list.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal bool TryAdd(TKey key, TValue value)
    {
        if (ContainsKey(key))
        {
            return false;
        }

        Add(key, value);
        return true;
    }
}
