namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What the forward pass of a custom function leaves for its backward pass.</summary>
        public class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> data = [];
            private List<Tensor?> toSave = [];
            private List<Saved>? saved;

            internal AutogradContext()
            {
            }

            /// <summary>Whether missing gradients arrive as zeros. <value>true</value></summary>
            public bool MaterializeGrads { get; private set; } = true;

            internal List<Tensor> NonDifferentiable { get; private set; } = [];

            /// <summary>Keeps inputs or outputs for the backward pass.</summary>
            public void save_for_backward(List<Tensor> tensors) => toSave = [.. tensors];

            /// <summary>The kept tensors.</summary>
            /// <exception cref="InvalidOperationException">The graph was released, or a kept tensor was changed in place.</exception>
            public List<Tensor> get_saved_variables()
            {
                var list = saved ?? throw new InvalidOperationException(
                    "Trying to backward through the graph a second time. Specify retain_graph: true the first time.");
                return list.ConvertAll(s => s.Unpack());
            }

            /// <summary>Keeps anything but a tensor for the backward pass.</summary>
            public void save_data(string key, object value) => data[key] = value;

            /// <summary>What was kept under a key, or null.</summary>
            public object? get_data(string key) => data.GetValueOrDefault(key);

            /// <summary>Names outputs that have no gradient.</summary>
            public void mark_non_differentiable(List<Tensor> tensors) => NonDifferentiable = [.. tensors];

            /// <summary>Whether missing gradients arrive as zeros, or as null.</summary>
            public void set_materialize_grads(bool value) => MaterializeGrads = value;

            /// <summary>Releases the kept tensors.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Releases the kept tensors.</summary>
            protected virtual void Dispose(bool disposing)
            {
                foreach (var tensor in saved ?? [])
                {
                    tensor.Kept?.Dispose();
                }

                saved = null;
            }

            /// <summary>Takes references of its own. An output is kept without its history, else it would keep itself alive.</summary>
            internal void Keep(List<Tensor> outputs)
            {
                saved = toSave.ConvertAll(t => t is null || t.IsInvalid
                    ? new Saved(null, 0)
                    : new Saved((IsAmong(outputs, t) ? t.detach() : t.alias()).DetachFromDisposeScope(), Native.TensorVersion(t.Handle)));
                toSave = [];
            }

            private static bool IsAmong(List<Tensor> outputs, Tensor tensor)
            {
                foreach (var output in outputs)
                {
                    if (Native.TensorIsSame(output.Handle, tensor.Handle))
                    {
                        return true;
                    }
                }

                return false;
            }

            private readonly record struct Saved(Tensor? Kept, long Version)
            {
                public Tensor Unpack()
                {
                    if (Kept is null)
                    {
                        return null!;
                    }

                    var version = Native.TensorVersion(Kept.Handle);
                    return version == Version
                        ? Kept.alias()
                        : throw new InvalidOperationException(
                            $"A tensor kept for the backward pass was changed in place: it is at version {version}, but {Version} was kept.");
                }
            }
        }
    }
}
