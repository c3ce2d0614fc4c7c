using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>New values for parameters of a model, read, checked and converted: only the exchange is left, and it cannot fail halfway.</summary>
internal sealed class StagedExperts : IDisposable
{
    private readonly List<(Parameter Target, Tensor Value)> _values = [];

    /// <summary>Keeps a copy of the value, of the target's type and on its device, until disposal.</summary>
    public void Add(Parameter target, Tensor value)
    {
        using var noGrad = no_grad();
        _values.Add((target, value.to(target.dtype, target.device, copy: true).DetachFromDisposeScope()));
    }

    /// <summary>Overwrites the parameters.</summary>
    public void Exchange()
    {
        using var noGrad = no_grad();
        foreach (var (target, value) in _values)
        {
            target.copy_(value);
        }
    }

    /// <summary>Frees the copies.</summary>
    public void Dispose()
    {
        _values.ForEach(v => v.Value.Dispose());
        _values.Clear();
    }
}
