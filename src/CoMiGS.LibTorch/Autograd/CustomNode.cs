using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>The managed half of a node in libtorch's graph. The native half holds it alive and tells it when the graph goes.</summary>
internal sealed unsafe class CustomNode(
    torch.autograd.AutogradContext context, Func<torch.autograd.AutogradContext, List<Tensor>, List<Tensor>> backward, string name, object[] arguments)
{
    // Which arguments are tensors, in the order in which libtorch knows them.
    private readonly bool[] isTensor = System.Array.ConvertAll(arguments, a => a is Tensor { IsInvalid: false });
    private (long[] Shape, ScalarType Type, Device Device, int Slot)[] results = [];

    /// <summary>Makes the outputs depend on the inputs through this node.</summary>
    public void Attach(List<Tensor> inputs, List<Tensor> outputs)
    {
        var differentiable = outputs.Where(o => torch.is_floating_point(o) && !context.NonDifferentiable.Contains(o, ReferenceEqualityComparer.Instance)).ToList();
        results = outputs.ConvertAll(o => (o.shape, o.dtype, o.device, differentiable.FindIndex(d => ReferenceEquals(d, o)))).ToArray();
        var from = torch.autograd.Handles(inputs);
        var to = torch.autograd.Handles(differentiable);
        var handle = GCHandle.ToIntPtr(GCHandle.Alloc(this));
        fixed (nint* f = from, t = to)
        {
            Native.Check(Native.CustomFunction(f, from.Length, t, to.Length, &OnBackward, &OnReleaseSaved, &OnRelease, handle));
        }

        GC.KeepAlive(inputs);
        GC.KeepAlive(differentiable);
    }

    [UnmanagedCallersOnly]
    private static int OnBackward(nint self, nint* gradients, int count, nint* outputs, int outputCount)
    {
        try
        {
            ((CustomNode)GCHandle.FromIntPtr(self).Target!).Run(new ReadOnlySpan<nint>(gradients, count), new Span<nint>(outputs, outputCount));
            return 0;
        }
        catch (Exception e)
        {
            // An exception must not cross native frames: libtorch throws its message on the managed side of backward().
            Native.SetError($"{e.GetType().Name}: {e.Message}");
            return -1;
        }
    }

    [UnmanagedCallersOnly]
    private static void OnReleaseSaved(nint self) => ((CustomNode)GCHandle.FromIntPtr(self).Target!).Release();

    [UnmanagedCallersOnly]
    private static void OnRelease(nint self)
    {
        var handle = GCHandle.FromIntPtr(self);
        ((CustomNode)handle.Target!).Release();
        handle.Free();
    }

    private void Release() => context.Dispose();

    private void Run(ReadOnlySpan<nint> gradients, Span<nint> outputs)
    {
        using var scope = torch.NewDisposeScope();
        var incoming = new List<Tensor>();
        var arrived = gradients.ToArray().Select(g => g == 0 ? null : new Tensor(g)).ToArray();
        foreach (var (shape, type, device, slot) in results)
        {
            var gradient = slot >= 0 ? arrived[slot] : null;
            incoming.Add(gradient ?? (context.MaterializeGrads ? torch.zeros(shape, type, device) : null!));
        }

        var outgoing = backward(context, incoming);
        if (outgoing.Count < isTensor.Length || outgoing.Skip(isTensor.Length).Any(g => g is not null))
        {
            throw new InvalidOperationException($"Function {name} returned {outgoing.Count} gradients, but it has {isTensor.Length} arguments.");
        }

        var position = 0;
        for (var i = 0; i < isTensor.Length; i++)
        {
            if (isTensor[i])
            {
                outputs[position++] = outgoing[i] is { } gradient ? Native.TensorAlias(gradient.Handle) : 0;
            }
            else if (outgoing[i] is not null)
            {
                throw new InvalidOperationException($"Function {name} returned a gradient for argument {i + 1}, which is no tensor.");
            }
        }
    }
}
