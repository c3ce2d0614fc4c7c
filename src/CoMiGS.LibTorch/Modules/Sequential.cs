namespace TorchSharp.Modules
{
    /// <summary>Modules run one after the other.</summary>
    public class Sequential : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        /// <summary>Modules under the names 0, 1, 2, ...</summary>
        protected internal Sequential(params torch.nn.Module<torch.Tensor, torch.Tensor>[] modules)
            : base(nameof(Sequential))
        {
            foreach (var module in modules)
            {
                append(module);
            }
        }

        /// <summary>Modules under names.</summary>
        protected internal Sequential(params (string name, torch.nn.Module<torch.Tensor, torch.Tensor> submodule)[] modules)
            : base(nameof(Sequential))
        {
            foreach (var (name, module) in modules)
            {
                append(name, module);
            }
        }

        /// <summary>The number of modules.</summary>
        public int Count => _internal_submodules.Count;

        /// <summary>The module at a position.</summary>
        [System.Runtime.CompilerServices.IndexerName("SequentialItems")]
        public torch.nn.IModule<torch.Tensor, torch.Tensor> this[int index] =>
            (torch.nn.IModule<torch.Tensor, torch.Tensor>)_internal_submodules[index].Item2;

        /// <summary>Appends a module under its position.</summary>
        public Sequential append(torch.nn.IModule<torch.Tensor, torch.Tensor> module) => append(Count.ToString(), module);

        /// <summary>Appends a module under a name.</summary>
        public Sequential append(string name, torch.nn.IModule<torch.Tensor, torch.Tensor> module)
        {
            register_module(name, (torch.nn.Module)module);
            return this;
        }

        /// <summary>Runs the modules in order and disposes what only lies between them.</summary>
        public override torch.Tensor forward(torch.Tensor tensor)
        {
            if (Count == 0)
            {
                return tensor.alias();
            }

            using var scope = torch.NewDisposeScope();
            var result = tensor;
            foreach (var (_, module) in _internal_submodules)
            {
                result = ((torch.nn.IModule<torch.Tensor, torch.Tensor>)module).call(result);
            }

            return result.MoveToOuterDisposeScope();
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>An empty sequence.</summary>
            public static Modules.Sequential Sequential() => new(modules: (Module<Tensor, Tensor>[])[]);

            /// <summary>Modules under the names 0, 1, 2, ...</summary>
            public static Modules.Sequential Sequential(params Module<Tensor, Tensor>[] modules) => new(modules);

            /// <summary>Modules under the names 0, 1, 2, ...</summary>
            public static Modules.Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) => new([.. modules]);

            /// <summary>Modules under names.</summary>
            public static Modules.Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);
        }
    }
}
