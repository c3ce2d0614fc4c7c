using System.Collections.Immutable;

namespace CoMiGS.Transport;

/// <summary>Name, type and shape of a tensor on the wire; two specs are equal when all three are.</summary>
/// <param name="Name">The full name of the parameter in the model, for example <c>h.0.mlp.experts.0.c_fc.lora_A</c>.</param>
/// <param name="Type">How its numbers travel.</param>
/// <param name="Shape">Its dimensions, outermost first; empty for a single number.</param>
public sealed record TensorSpec(string Name, TensorType Type, ImmutableArray<long> Shape)
{
    /// <summary>Its dimensions, outermost first; empty for a single number.</summary>
    public ImmutableArray<long> Shape { get; } = Checked(Name, Shape);

    /// <summary>How many numbers the tensor holds.</summary>
    public long ElementCount
    {
        get
        {
            var count = 1L;
            foreach (var dimension in Shape)
            {
                count = checked(count * dimension);
            }

            return count;
        }
    }

    /// <summary>How many bytes its numbers take on the wire.</summary>
    public long ByteCount => Type.BytesFor(ElementCount);

    /// <inheritdoc/>
    public bool Equals(TensorSpec? other) =>
        other is not null && Name == other.Name && Type == other.Type && Shape.AsSpan().SequenceEqual(other.Shape.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Name, StringComparer.Ordinal);
        hash.Add(Type);
        foreach (var dimension in Shape)
        {
            hash.Add(dimension);
        }

        return hash.ToHashCode();
    }

    /// <summary>Name, type and shape as one reads them, for example <c>wte.lora_A Float32 [8, 64]</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name} {Type} [{string.Join(", ", Shape)}]";

    private static ImmutableArray<long> Checked(string name, ImmutableArray<long> shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (shape.IsDefault || shape.Any(dimension => dimension < 0))
        {
            var given = shape.IsDefault ? "not given" : $"[{string.Join(", ", shape)}]";
            throw new ArgumentException($"The shape of {name} is {given}. Give dimensions of 0 or more, or none for a single number.", nameof(shape));
        }

        return shape;
    }
}
