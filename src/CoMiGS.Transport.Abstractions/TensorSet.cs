using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace CoMiGS.Transport;

/// <summary>Tensors in a fixed order, each under a name of its own.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "A set of tensors; 'Collection' would say less.")]
public sealed class TensorSet : IReadOnlyList<NamedTensor>
{
    private readonly ImmutableArray<NamedTensor> _tensors;
    private readonly Dictionary<string, NamedTensor> _byName;

    /// <summary>A set of these tensors, in this order.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public TensorSet(IEnumerable<NamedTensor> tensors)
    {
        _tensors = [.. tensors];
        _byName = new Dictionary<string, NamedTensor>(_tensors.Length, StringComparer.Ordinal);
        foreach (var tensor in _tensors)
        {
            if (!_byName.TryAdd(tensor.Spec.Name, tensor))
            {
                throw new ArgumentException($"The name {tensor.Spec.Name} occurs twice. Names in a set are unique.", nameof(tensors));
            }
        }

        Specs = [.. _tensors.Select(tensor => tensor.Spec)];
        TotalBytes = _tensors.Sum(tensor => (long)tensor.Data.Length);
    }

    /// <summary>The set without tensors: what a device sends that shares nothing.</summary>
    public static TensorSet Empty { get; } = new([]);

    /// <summary>Names, types and shapes, in the order of the set.</summary>
    public IReadOnlyList<TensorSpec> Specs { get; }

    /// <summary>The bytes of all numbers together, names and headers not counted.</summary>
    public long TotalBytes { get; }

    /// <inheritdoc/>
    public int Count => _tensors.Length;

    /// <inheritdoc/>
    public NamedTensor this[int index] => _tensors[index];

    /// <summary>The tensor of that name.</summary>
    /// <param name="name">Its full name.</param>
    /// <exception cref="KeyNotFoundException">The set has none of that name.</exception>
    public NamedTensor this[string name] =>
        _byName.TryGetValue(name, out var tensor) ? tensor : throw new KeyNotFoundException($"No tensor {name} among the {Count} of this set.");

    /// <summary>The same numbers in another type, rounded to it; the set itself if all are of that type.</summary>
    /// <param name="type">The type.</param>
    /// <returns>The set.</returns>
    /// <exception cref="ArgumentException">A number is not finite, and the type has no room for it.</exception>
    public TensorSet As(TensorType type) => _tensors.All(tensor => tensor.Spec.Type == type) ? this : new(_tensors.Select(tensor => tensor.As(type)));

    /// <summary>The same numbers in memory of their own.</summary>
    /// <returns>The set.</returns>
    public TensorSet Copy() => new(_tensors.Select(tensor => new NamedTensor(tensor.Spec, tensor.Data.ToArray())));

    /// <summary>Looks for the tensor of that name.</summary>
    /// <param name="name">Its full name.</param>
    /// <param name="tensor">The tensor, if there is one.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(string name, [NotNullWhen(true)] out NamedTensor? tensor) => _byName.TryGetValue(name, out tensor);

    /// <inheritdoc/>
    public IEnumerator<NamedTensor> GetEnumerator() => ((IEnumerable<NamedTensor>)_tensors).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
