namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>A function with a backward pass of its own; derive from <see cref="SingleTensorFunction{T}"/> or <see cref="MultiTensorFunction{T}"/>.</summary>
        public abstract class Function<T>
            where T : Function<T>, new()
        {
            private static readonly T Instance = new();

            /// <summary>The name in messages.</summary>
            public abstract string Name { get; }

            /// <summary>Runs the forward pass unrecorded and attaches the backward pass to its results.</summary>
            public static List<Tensor> apply_internal(params object[] vars)
            {
                var inputs = new List<Tensor>(vars.Length);
                inputs.AddRange(vars.OfType<Tensor>().Where(t => !t.IsInvalid));
                var recorded = is_grad_enabled() && inputs.Exists(t => t.requires_grad);
                var context = new AutogradContext();
                List<Tensor> outputs;
                using (no_grad())
                {
                    outputs = Instance.Forward(context, vars);
                }

                // A result that is an input gets an identity of its own: its history is this function, not the input's.
                outputs = outputs.ConvertAll(o => inputs.Exists(i => Native.TensorIsSame(i.Handle, o.Handle)) ? o.detach() : o);
                if (recorded)
                {
                    context.Keep(outputs);
                    new CustomNode(context, (c, g) => Instance.Backward(c, g), Instance.Name, vars).Attach(inputs, outputs);
                }

                return outputs;
            }

            private protected abstract List<Tensor> Forward(AutogradContext context, object[] vars);

            private protected abstract List<Tensor> Backward(AutogradContext context, List<Tensor> gradients);
        }

        /// <summary>A function with one result.</summary>
        public abstract class SingleTensorFunction<T> : Function<T>
            where T : SingleTensorFunction<T>, new()
        {
            /// <summary>Runs the function.</summary>
            public static Tensor apply(params object[] vars) => apply_internal(vars)[0];

            /// <summary>Computes the result; nothing in it is recorded.</summary>
            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            /// <summary>Computes a gradient for every argument, null where there is none.</summary>
            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);

            private protected sealed override List<Tensor> Forward(AutogradContext context, object[] vars) => [forward(context, vars)];

            private protected sealed override List<Tensor> Backward(AutogradContext context, List<Tensor> gradients) => backward(context, gradients[0]);
        }

        /// <summary>A function with several results.</summary>
        public abstract class MultiTensorFunction<T> : Function<T>
            where T : MultiTensorFunction<T>, new()
        {
            /// <summary>Runs the function.</summary>
            public static List<Tensor> apply(params object[] vars) => apply_internal(vars);

            /// <summary>Computes the results; nothing in it is recorded.</summary>
            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            /// <summary>Computes a gradient for every argument, null where there is none.</summary>
            public abstract List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs);

            private protected sealed override List<Tensor> Forward(AutogradContext context, object[] vars) => forward(context, vars);

            private protected sealed override List<Tensor> Backward(AutogradContext context, List<Tensor> gradients) => backward(context, gradients);
        }
    }
}
