namespace TorchSharp.Modules
{
    /// <summary>Modules under names. They are registered once, when the dictionary itself is.</summary>
    public class ModuleDict<T> : torch.nn.Module
        where T : torch.nn.Module
    {
        private readonly Utils.OrderedDict<string, T> entries = new();
        private bool registered;

        /// <summary>An empty dictionary.</summary>
        public ModuleDict()
            : base("ModuleDict")
        {
        }

        /// <summary>The number of modules.</summary>
        public int Count => entries.Count;

        /// <summary>The names in order.</summary>
        public ICollection<string> Keys => entries.Keys;

        /// <summary>The modules in order.</summary>
        public ICollection<T> Values => entries.Values;

        /// <summary>The module under a name. Setting it does not register the new one.</summary>
        public T this[string key]
        {
            get => entries[key];
            set => entries[key] = value;
        }

        /// <summary>Adds a module.</summary>
        public void Add(string key, T value) => entries.Add(key, value);

        /// <summary>Adds a module.</summary>
        public void Add((string, T) item) => entries.Add(item);

        /// <summary>Whether there is a module under a name.</summary>
        public bool ContainsKey(string key) => entries.ContainsKey(key);

        /// <summary>Reads the module under a name, if there is one.</summary>
        public bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T value) => entries.TryGetValue(key, out value);

        /// <summary>The names in order.</summary>
        public IEnumerable<string> keys() => Keys;

        /// <summary>The modules in order.</summary>
        public IEnumerable<T> values() => Values;

        /// <summary>The entries in order.</summary>
        public IEnumerator<(string, T)> items() => entries.items();

        /// <summary>The entries in order.</summary>
        public IEnumerator<(string, T)> GetEnumerator() => entries.GetEnumerator();

        /// <summary>Registers the modules under their names.</summary>
        protected override void RegisterComponents()
        {
            if (registered)
            {
                return;
            }

            foreach (var (key, module) in entries)
            {
                register_module(key, module);
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
            /// <summary>Modules under names.</summary>
            public static Modules.ModuleDict<T> ModuleDict<T>(params (string, T)[] modules)
                where T : Module
            {
                var result = new Modules.ModuleDict<T>();
                foreach (var module in modules)
                {
                    result.Add(module);
                }

                return result;
            }
        }
    }
}
