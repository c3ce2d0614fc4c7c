namespace TorchSharp;

public static partial class torch
{
    /// <summary>The version of libtorch.</summary>
    public static string __version__ => Native.Text(Native.Version());

    /// <summary>How many threads one operator uses.</summary>
    public static int get_num_threads() => Native.NumThreads();

    /// <summary>Sets how many threads one operator uses, the BLAS included.</summary>
    public static void set_num_threads(int num) => Native.Check(Native.SetNumThreads(num));

    /// <summary>How many operators run side by side.</summary>
    public static int get_num_interop_threads() => Native.NumInteropThreads();

    /// <summary>Sets how many operators run side by side; only before the first does.</summary>
    public static void set_num_interop_threads(int num) => Native.Check(Native.SetNumInteropThreads(num));

    /// <summary>Makes a device ready. Libtorch does so by itself; this only checks that there is one.</summary>
    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType))
        {
            throw new InvalidOperationException($"Torch device type {deviceType} did not initialise on the current machine.");
        }
    }

    /// <summary>Whether a device of this kind can be used.</summary>
    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType != DeviceType.CUDA || cuda.is_available();

    /// <summary>CUDA devices.</summary>
    public static partial class cuda
    {
        /// <summary>Whether there is a CUDA device and libtorch can use it.</summary>
        public static bool is_available() => Native.CudaIsAvailable();

        /// <summary>How many CUDA devices there are.</summary>
        public static int device_count() => Native.CudaDeviceCount();

        /// <summary>Seeds the CUDA generators.</summary>
        public static void manual_seed(long seed) => Native.Check(Native.ManualSeed(seed));

        /// <summary>Waits until a CUDA device has done its work.</summary>
        public static void synchronize(Device? device = null) => Native.Check(Native.CudaSynchronize(device?.index ?? -1));
    }
}
