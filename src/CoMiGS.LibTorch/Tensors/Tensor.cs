namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of libtorch. It owns one reference to native memory until it is disposed, by itself, by its scope or by the finaliser.</summary>
    public partial class Tensor : IDisposable
    {
        private static long totalCount;
        private static long peakCount;
        internal IntPtr handle;

        internal Tensor(IntPtr handle, bool register = true)
        {
            this.handle = handle;
            if (handle == IntPtr.Zero)
            {
                return;
            }

            Count();
            if (register)
            {
                OwningDisposeScope = DisposeScopeManager.Register(this);
            }
        }

        /// <summary>Releases the native tensor when nobody disposed it.</summary>
        ~Tensor() => Dispose(false);

        /// <summary>The number of tensors alive in managed code, over all threads.</summary>
        public static long TotalCount => Interlocked.Read(ref totalCount);

        /// <summary>The largest <see cref="TotalCount"/> so far.</summary>
        public static long PeakCount => Interlocked.Read(ref peakCount);

        /// <summary>A name for debugging.</summary>
        public string? name { get; set; }

        /// <summary>Whether the tensor was disposed.</summary>
        public bool IsInvalid => handle == IntPtr.Zero;

        /// <summary>The native tensor.</summary>
        /// <exception cref="InvalidOperationException">The tensor was disposed.</exception>
        public IntPtr Handle => handle != IntPtr.Zero ? handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        internal DisposeScope? OwningDisposeScope { get; set; }

        /// <summary>Takes ownership of a pointer to a native at::Tensor.</summary>
        public static Tensor UnsafeCreateTensor(IntPtr handle) => new(handle);

        /// <summary>Releases the native tensor. A second call does nothing.</summary>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Releases the native tensor; the scope is only told when the call is no finaliser's, because the scope may be gone by then.</summary>
        protected virtual void Dispose(bool disposing)
        {
            var released = Interlocked.Exchange(ref handle, IntPtr.Zero);
            if (released == IntPtr.Zero)
            {
                return;
            }

            if (disposing)
            {
                OwningDisposeScope?.Forget(this);
                OwningDisposeScope = null;
            }

            Interlocked.Decrement(ref totalCount);
            Native.TensorFree(released);
        }

        /// <summary>Moves the tensor to the outer scope, or out of all scopes when there is none.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Takes the tensor out of its scope: from now on its holder disposes it.</summary>
        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        /// <summary>Moves the tensor to the scope of another tensor.</summary>
        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        /// <summary>Moves the tensor to another scope.</summary>
        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is null)
            {
                other?.Attach(this);
            }
            else
            {
                OwningDisposeScope.MoveToOther(other, this);
            }

            return this;
        }

        /// <summary>Gives the native tensor away: the caller owns it now.</summary>
        public IntPtr DecoupleFromNativeHandle()
        {
            GC.SuppressFinalize(this);
            var released = Handle;
            handle = IntPtr.Zero;
            Interlocked.Decrement(ref totalCount);
            return released;
        }

        /// <summary>Gives the native tensor to a <see cref="Modules.Parameter"/>. TorchSharp counts both; here the parameter takes the place of its tensor.</summary>
        internal IntPtr MoveHandle()
        {
            var moved = Handle;
            handle = IntPtr.Zero;
            Interlocked.Decrement(ref totalCount);
            return moved;
        }

        private static void Count()
        {
            var count = Interlocked.Increment(ref totalCount);
            var peak = Interlocked.Read(ref peakCount);
            while (count > peak)
            {
                var seen = Interlocked.CompareExchange(ref peakCount, count, peak);
                if (seen == peak)
                {
                    return;
                }

                peak = seen;
            }
        }
    }
}
