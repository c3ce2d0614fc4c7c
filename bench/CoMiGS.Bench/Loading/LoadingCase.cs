using CoMiGS.Checkpoints;
using CoMiGS.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Bench.Loading;

/// <summary>What is loaded, and into what.</summary>
/// <param name="Folder">The checkpoint.</param>
/// <param name="Into">What holds the weights afterwards.</param>
/// <param name="Type">The type of the weights in memory, or null as stored.</param>
public sealed record LoadingCase(string Folder, LoadedAs Into, ScalarType? Type = null)
{
    /// <summary>Loads it.</summary>
    /// <returns>What owns the memory.</returns>
    public IDisposable Load() => Into == LoadedAs.Model ? Pretrained.Load(Folder, new() { Type = Type }) : Tensors();

    private DisposeScope Tensors()
    {
        var scope = NewDisposeScope();
        SafetensorsFile.Read(Folder);
        return scope;
    }
}

/// <summary>What holds the weights after loading.</summary>
public enum LoadedAs
{
    /// <summary>A model, ready to be called.</summary>
    Model,

    /// <summary>Tensors by name, all that are in the files.</summary>
    Tensors,
}
