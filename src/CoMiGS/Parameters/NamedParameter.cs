using TorchSharp.Modules;

namespace CoMiGS.Parameters;

/// <summary>A trainable parameter with its name, its role and the rule by which it starts.</summary>
/// <param name="Name">Name relative to the module that declares it, dotted as in a state dict.</param>
/// <param name="Role">What it is for, hence whether it may be shared.</param>
/// <param name="Value">The tensor; it belongs to its module.</param>
/// <param name="Init">How it starts.</param>
public sealed record NamedParameter(string Name, ParameterRole Role, Parameter Value, ParameterInit Init)
{
    /// <summary>Which part of a low-rank update it is.</summary>
    /// <value>Default: none.</value>
    public LoraFactor Factor { get; init; }

    /// <summary>The low-rank update it is a factor of; the other factor carries the same instance.</summary>
    /// <value>Default: null, none.</value>
    public FactorPair? Pair { get; init; }

    /// <summary>The same parameter as seen from a module further out.</summary>
    /// <param name="path">Path of the declaring module; empty for the root.</param>
    public NamedParameter Under(string path) => path.Length == 0 ? this : this with { Name = $"{path}.{Name}" };

    /// <summary>Overwrites the value by its rule; equal seeds and names give equal values everywhere.</summary>
    /// <param name="seed">The seed of the whole set; the parameter's own is derived from its name.</param>
    public void Initialise(Seed seed) => Init.Fill(Value, seed.For(Name));
}
