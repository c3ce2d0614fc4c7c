using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Modules, losses, initialisers: PyTorch's torch.nn.</summary>
    public static partial class nn
    {
        /// <summary>A part of a model: parameters, buffers and modules under names.</summary>
        public partial class Module : IDisposable
        {
            /// <summary>The children by name.</summary>
            protected OrderedDict<string, Module> _internal_submodules = new();

            /// <summary>The buffers by name, with whether they are saved.</summary>
            protected OrderedDict<string, (Tensor, bool)> _internal_buffers = new();

            /// <summary>The parameters by name.</summary>
            protected OrderedDict<string, Parameter> _internal_params = new();

            /// <summary>The name given to the constructor.</summary>
            protected string? name;

            /// <summary>The kind of device the module was moved to.</summary>
            protected DeviceType _deviceType = DeviceType.CPU;

            /// <summary>The index of the device the module was moved to.</summary>
            protected int _deviceIndex = -1;

            private bool isTraining = true;
            private bool disposed;

            /// <summary>A module with a name for messages.</summary>
            protected Module(string name) => this.name = name;

            /// <summary>Whether the module is in training mode; it is at first.</summary>
            public virtual bool training => isTraining;

            /// <summary>The name given to the constructor.</summary>
            public virtual string GetName() => string.IsNullOrEmpty(name) ? GetType().Name : name;

            /// <summary>Switches this module and all below between training and evaluation.</summary>
            public virtual void train(bool train = true)
            {
                isTraining = train;
                foreach (var (_, child) in named_children())
                {
                    child.train(train);
                }
            }

            /// <summary>Switches this module and all below to evaluation.</summary>
            public virtual void eval() => train(false);

            /// <summary>Runs a function on all modules below and on this one.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, child) in _internal_submodules)
                {
                    child.apply(fn);
                }

                fn(this);
                return this;
            }

            /// <summary>Clears the gradients of all parameters: to none, or to zeros.</summary>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var (_, parameter) in named_parameters())
                {
                    using var gradient = parameter.grad;
                    if (gradient is not null && set_to_none)
                    {
                        parameter.grad = null;
                    }
                    else if (gradient is not null)
                    {
                        using var detached = gradient.detach();
                        detached.zero_();
                    }
                }
            }

            /// <summary>Disposes the parameters and buffers of this module and of all below.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Disposes the parameters and buffers of this module and of all below.</summary>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || disposed)
                {
                    return;
                }

                disposed = true;
                foreach (var (_, buffer) in named_buffers(false))
                {
                    buffer.DetachFromDisposeScope().Dispose();
                }

                foreach (var (_, parameter) in named_parameters(false).ToList())
                {
                    parameter.DetachFromDisposeScope().Dispose();
                }

                foreach (var (_, module) in named_modules().ToList())
                {
                    module.Dispose();
                }
            }
        }
    }
}
