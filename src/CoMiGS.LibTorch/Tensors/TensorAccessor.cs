using System.Collections;

namespace TorchSharp.Utils;

/// <summary>Reads and writes the elements of a CPU tensor in row-major order, whatever its strides are.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T>
    where T : unmanaged
{
    private readonly Tensor tensor;
    private readonly long[] sizes;
    private readonly long[] strides;
    private readonly T* data;
    private readonly bool contiguous;

    internal TensorAccessor(Tensor tensor)
    {
        tensor.RequireCpu();
        this.tensor = tensor;
        sizes = tensor.shape;
        strides = tensor.stride();
        contiguous = tensor.is_contiguous();
        data = (T*)tensor.DataPointer();
    }

    /// <summary>The number of elements.</summary>
    public long Count => tensor.numel();

    /// <summary>Always false: the accessor writes through to the tensor.</summary>
    public bool IsReadOnly => false;

    /// <summary>One element: by its position in row-major order, or by one index per dimension. To be set it takes one index per dimension, as in TorchSharp.</summary>
    public T this[params long[] indices]
    {
        get => data[Offset(indices)];
        set
        {
            if (indices.Length < sizes.Length)
            {
                throw new IndexOutOfRangeException($"{indices.Length} indices set an element of a tensor of {sizes.Length} dimensions. Give one index per dimension.");
            }

            data[Offset(indices)] = value;
        }
    }

    /// <summary>A copy of all elements in row-major order.</summary>
    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result.AsSpan());
        return result;
    }

    /// <summary>Copies elements into an array, beginning with element <paramref name="tensorIndex"/>, until either ends.</summary>
    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Copies elements into a span, beginning with element <paramref name="tensorIndex"/>, until either ends.</summary>
    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var count = Math.Min(array.Length - arrayIndex, Count - tensorIndex);
        if (contiguous && count > 0)
        {
            new ReadOnlySpan<T>(data + tensorIndex, (int)count).CopyTo(array[arrayIndex..]);
            return;
        }

        for (long i = 0; i < count; i++)
        {
            array[arrayIndex + (int)i] = data[Offset(tensorIndex + i)];
        }
    }

    /// <summary>Copies an array into the tensor, until either ends.</summary>
    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) =>
        CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    /// <summary>Copies a span into the tensor, until either ends.</summary>
    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var count = Math.Min(array.Length - arrayIndex, Count - tensorIndex);
        for (long i = 0; i < count; i++)
        {
            data[Offset(tensorIndex + i)] = array[arrayIndex + (int)i];
        }
    }

    /// <summary>The elements in row-major order.</summary>
    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    /// <summary>Lets go of nothing: the tensor belongs to its holder.</summary>
    public void Dispose() => GC.KeepAlive(tensor);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static T First(Tensor tensor)
    {
        var value = *(T*)tensor.DataPointer();
        GC.KeepAlive(tensor);
        return value;
    }

    private long Offset(long[] indices)
    {
        if (indices.Length == 1)
        {
            return Offset(indices[0]);
        }

        long offset = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            if (indices[i] < 0 || indices[i] >= sizes[i])
            {
                throw new IndexOutOfRangeException($"{indices[i]} >= {sizes[i]} in dimension {i}.");
            }

            offset += indices[i] * strides[i];
        }

        return offset;
    }

    private long Offset(long position)
    {
        if (position < 0 || position >= Count)
        {
            throw new IndexOutOfRangeException($"{position} in a tensor of {Count} elements.");
        }

        if (contiguous)
        {
            return position;
        }

        long offset = 0;
        for (var i = sizes.Length - 1; i >= 0; i--)
        {
            (position, var remainder) = Math.DivRem(position, sizes[i]);
            offset += remainder * strides[i];
        }

        return offset;
    }
}
