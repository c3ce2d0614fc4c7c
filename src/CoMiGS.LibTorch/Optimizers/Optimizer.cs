using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Optimizers and schedules of the learning rate.</summary>
    public static partial class optim
    {
        /// <summary>What a schedule turns.</summary>
        public interface ILearningRateController
        {
            /// <summary>The learning rate of the next step.</summary>
            double LearningRate { get; set; }

            /// <summary>The learning rate that schedules start from.</summary>
            double InitialLearningRate { get; set; }
        }

        /// <summary>What has a momentum.</summary>
        public interface IMomentum
        {
            /// <summary>The momentum.</summary>
            double Momentum { get; set; }
        }

        /// <summary>What has two decay rates of running means.</summary>
        public interface IBetas
        {
            /// <summary>The decay rates.</summary>
            (double, double) Betas { get; set; }
        }

        /// <summary>Changes parameters by their gradients.</summary>
        public abstract class Optimizer : IDisposable
        {
            /// <summary>The groups of parameters with their options.</summary>
            protected IList<ParamGroup> _parameter_groups = [];

            /// <summary>The groups as schedules see them.</summary>
            public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

            /// <summary>An optimizer that keeps its state in managed code; libtorch's own optimizers, which a handle names, are not bound.</summary>
            protected Optimizer(IntPtr handle)
            {
                if (handle != IntPtr.Zero)
                {
                    throw new NotSupportedException("libtorch's own optimizers are not bound. Derive from OptimizerHelper.");
                }
            }

            /// <summary>Clears the gradients.</summary>
            public virtual void zero_grad() => throw Unwritten(nameof(zero_grad));

            /// <summary>Changes the parameters once; a closure computes loss and gradients first.</summary>
            public virtual Tensor? step(Func<Tensor>? closure = null) => throw Unwritten(nameof(step));

            /// <summary>Adds a group of parameters.</summary>
            public virtual void add_param_group(ParamGroup param_group) => throw Unwritten(nameof(add_param_group));

            /// <summary>All parameters.</summary>
            public virtual IEnumerable<Parameter> parameters() => throw Unwritten(nameof(parameters));

            /// <summary>Disposes the state, not the parameters.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Disposes the state, not the parameters.</summary>
            protected virtual void Dispose(bool disposing)
            {
            }

            private NotSupportedException Unwritten(string member) => new($"{GetType().Name} does not override {member}.");

            /// <summary>The options of each group and the state of each parameter: the optimizer's own, not copies.</summary>
            public class StateDictionary
            {
                internal StateDictionary()
                {
                }

                /// <summary>The options, one per group.</summary>
                public List<OptimizerOptions> Options { get; } = [];

                /// <summary>The states, one per parameter.</summary>
                public List<OptimizerState> State { get; } = [];

                /// <summary>For each group, the positions of its parameters' states.</summary>
                public List<List<int>> StateIndexRef { get; } = [];
            }
        }
    }
}
