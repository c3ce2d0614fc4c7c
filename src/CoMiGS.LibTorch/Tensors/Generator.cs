namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers with a seed of its own.</summary>
    public class Generator : IDisposable
    {
        private IntPtr handle;

        /// <summary>A generator on the CPU.</summary>
        public Generator(ulong seed = 0, Device? device = null)
            : this(Native.Checked(Native.Generator((long)seed)))
        {
            if (device is { type: not DeviceType.CPU })
            {
                throw new ArgumentException($"Generators live on the CPU here, but the device is '{device}'. Leave the device out.", nameof(device));
            }
        }

        internal Generator(IntPtr handle) => this.handle = handle;

        /// <summary>Releases the generator.</summary>
        ~Generator() => Dispose(false);

        /// <summary>The generator that calls without a generator use.</summary>
        public static Generator Default => new(Native.DefaultGenerator());

        /// <summary>The native generator.</summary>
        public IntPtr Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(Generator));

        /// <summary>The device of the generator.</summary>
        public Device device { get; } = CPU;

        /// <summary>Starts the sequence of a seed.</summary>
        public Generator manual_seed(long seed)
        {
            Native.GeneratorSeed(Handle, seed);
            return this;
        }

        /// <summary>The seed the sequence began with.</summary>
        public long initial_seed() => Native.GeneratorInitialSeed(Handle);

        /// <summary>The state, as a tensor of bytes.</summary>
        public Tensor get_state() => new(Native.Checked(Native.GeneratorState(Handle)));

        /// <summary>Goes back to a state.</summary>
        public void set_state(Tensor value)
        {
            Native.Check(Native.GeneratorSetState(Handle, value.Handle));
            GC.KeepAlive(value);
        }

        /// <summary>Releases the generator.</summary>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Releases the generator.</summary>
        protected virtual void Dispose(bool disposing)
        {
            var released = Interlocked.Exchange(ref handle, 0);
            if (released != 0)
            {
                Native.GeneratorFree(released);
            }
        }
    }
}
