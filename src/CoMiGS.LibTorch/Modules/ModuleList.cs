using System.Collections;

namespace TorchSharp.Modules
{
    /// <summary>Modules in a list. They are registered once, when the list itself is: changing the list afterwards changes no registration.</summary>
    public class ModuleList<T> : torch.nn.Module, IList<T>
        where T : torch.nn.Module
    {
        private readonly List<T> list;
        private bool registered;

        /// <summary>A list of modules.</summary>
        public ModuleList(params T[] modules)
            : base("ModuleList") => list = [.. modules];

        /// <summary>The number of modules.</summary>
        public int Count => list.Count;

        /// <summary>Always false.</summary>
        public bool IsReadOnly => false;

        /// <summary>The module at a position. Setting it does not register the new one.</summary>
        public T this[int index]
        {
            get => list[index];
            set => list[index] = value;
        }

        /// <summary>Appends a module.</summary>
        public void Add(T item) => list.Add(item);

        /// <summary>Appends modules.</summary>
        public void append(params T[] parameters) => list.AddRange(parameters);

        /// <summary>Appends modules.</summary>
        public void extend(IEnumerable<T> modules) => list.AddRange(modules);

        /// <summary>Removes all modules.</summary>
        public void Clear() => list.Clear();

        /// <summary>Whether a module is in the list.</summary>
        public bool Contains(T item) => list.Contains(item);

        /// <summary>Copies the modules into an array.</summary>
        public void CopyTo(T[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);

        /// <summary>The position of a module.</summary>
        public int IndexOf(T item) => list.IndexOf(item);

        /// <summary>Inserts a module.</summary>
        public void Insert(int index, T item) => list.Insert(index, item);

        /// <summary>Removes a module.</summary>
        public bool Remove(T item) => list.Remove(item);

        /// <summary>Removes the module at a position.</summary>
        public void RemoveAt(int index) => list.RemoveAt(index);

        /// <summary>The modules in order.</summary>
        public IEnumerator<T> GetEnumerator() => list.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        /// <summary>Registers the modules under their positions.</summary>
        protected override void RegisterComponents()
        {
            if (registered)
            {
                return;
            }

            for (var i = 0; i < list.Count; i++)
            {
                register_module($"{i}", list[i]);
            }

            registered = true;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Modules in a list.</summary>
            public static Modules.ModuleList<T> ModuleList<T>(params T[] modules)
                where T : Module => new(modules);

            /// <summary>Modules in a list.</summary>
            public static Modules.ModuleList<Module> ModuleList(params Module[] modules) => new(modules);
        }
    }
}
