using System.Collections.Concurrent;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>
/// Looks, after the first call of a model, whether its hooked layers were all reached. Hooks run on <c>call</c> and not on <c>forward</c>, so a parent that
/// calls <c>layer.forward(x)</c> would leave the experts out in silence.
/// </summary>
internal sealed class BypassCheck
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly ConcurrentDictionary<string, Linear> _unreached = []; // several threads may call a model without gradients
    private Action? _remove;

    public BypassCheck(nn.Module<Tensor, Tensor> model) => _model = model;

    /// <summary>Waits for a layer's hook.</summary>
    /// <returns>To be called by the hook.</returns>
    public Action Watch(string path, Linear layer)
    {
        _unreached[path] = layer;
        if (_remove is null)
        {
            var hook = _model.register_forward_hook((_, input, output) =>
            {
                Check(input);
                return output;
            });
            _remove = hook.remove;
        }

        return () => _unreached.TryRemove(path, out _);
    }

    /// <summary>No longer looks at the model.</summary>
    public void Stop()
    {
        _remove?.Invoke();
        _remove = null;
        _unreached.Clear();
    }

    /// <summary>A layer that was not reached but has a gradient was computed with past its hook; one without was not computed with at all, which is the model's own affair.</summary>
    private void Check(Tensor input)
    {
        if (_unreached.IsEmpty || is_inference_mode_enabled())
        {
            return;
        }

        var suspects = _unreached.ToList();
        _unreached.Clear();
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        try
        {
            suspects.ForEach(s => s.Value.weight.requires_grad = true);
            var output = _model.forward(input);
            var found = output.requires_grad ? autograd.grad([output.sum()], [.. suspects.Select(s => s.Value.weight)], allow_unused: true) : [];
            var bypassed = suspects.Where((_, i) => i < found.Count && !ReferenceEquals(found[i], null) && !found[i].IsInvalid).Select(s => s.Key).ToList();
            if (bypassed.Count > 0)
            {
                suspects.ForEach(s => _unreached[s.Key] = s.Value); // so that the next call is refused as well
                throw new InvalidOperationException(
                    $"{_model.GetType().Name} computes with {string.Join(", ", bypassed)}, but past the experts beside: a forward hook runs on call(x), not on forward(x). Write call in place of forward there, or leave these layers out by ExcludeModules.");
            }
        }
        finally
        {
            suspects.ForEach(s => s.Value.weight.requires_grad = false);
        }
    }
}
