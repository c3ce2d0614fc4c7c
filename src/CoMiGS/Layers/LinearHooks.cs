using System.Runtime.CompilerServices;
using CoMiGS.Parameters;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>
/// Puts low-rank updates beside the linear layers of one model, by forward hooks. So neither the layer nor the field that holds it changes, which for a field typed
/// <c>Linear</c>, a sealed class, is the only way. The updates are registered as a child of the model: they are moved, saved and disposed with it.
/// </summary>
internal sealed class LinearHooks
{
    /// <summary>Name of the child of the model that holds the updates.</summary>
    public const string ChildName = "linear_updates";

    private static readonly ConditionalWeakTable<Linear, nn.Module> Layers = []; // with the update beside each

    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly BypassCheck _check;

    /// <exception cref="InvalidOperationException">The model cannot hold anything beside its own children.</exception>
    public LinearHooks(nn.Module<Tensor, Tensor> model)
    {
        if (model is Sequential)
        {
            throw new InvalidOperationException("The model is itself a Sequential, which runs whatever it holds, so experts cannot be registered with it. Make it the field of a module class of your own.");
        }

        _model = model;
        _check = new BypassCheck(model);
    }

    /// <summary>Whether something is beside a layer now.</summary>
    public static bool AreBeside(Linear layer) => Layers.TryGetValue(layer, out _);

    /// <summary>Finds out how an update can be put beside a layer, without touching anything.</summary>
    /// <param name="path">Path of the layer in the model.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="update">What is added to its output; it has the layer's input.</param>
    public Placement Prepare<TUpdate>(string path, Linear layer, TUpdate update)
        where TUpdate : nn.Module<Tensor, Tensor>, IAdapted
    {
        var name = path.Replace('.', '/'); // a name has no dots
        Action? remove = null;
        return new(
            path,
            update,
            () =>
            {
                Added.To(layer, update);
                Register(name, update);
                var ran = _check.Watch(path, layer);
                var hook = layer.register_forward_hook((_, input, output) =>
                {
                    ran();
                    using var scope = NewDisposeScope();
                    return output.Plus(update.call(input)).Cast(output.dtype).MoveToOuterDisposeScope();
                });
                remove = hook.remove;
                Layers.Add(layer, update);
            },
            () =>
            {
                remove?.Invoke();
                Layers.Remove(layer);
                Unregister(name);
                update.Dispose();
            });
    }

    private nn.Module? Holder => _model.named_children().FirstOrDefault(c => c.name == ChildName).module;

    private void Register(string name, nn.Module update)
    {
        if (Holder is null)
        {
            _model.register_module(ChildName, new LinearUpdates());
        }

        Holder!.register_module(name, update);
    }

    private void Unregister(string name)
    {
        var holder = Holder!;
        holder.register_module(name, null!);
        if (!holder.named_children().Any())
        {
            _model.register_module(ChildName, null!);
            holder.Dispose();
            _check.Stop();
        }
    }

    private sealed class LinearUpdates() : nn.Module(ChildName);
}
