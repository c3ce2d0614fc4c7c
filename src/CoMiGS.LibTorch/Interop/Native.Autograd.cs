using System.Runtime.InteropServices;

namespace CoMiGS.LibTorch.Interop;

/// <summary>Autograd, modes, random numbers, threads and devices: what libtorch offers outside its operators.</summary>
internal static unsafe partial class Native
{
    [LibraryImport(Library, EntryPoint = "comigs_backward")]
    public static partial int Backward(nint* roots, nint* grads, int count, [MarshalAs(UnmanagedType.U1)] bool retain,
        [MarshalAs(UnmanagedType.U1)] bool create, nint* inputs, int inputCount);

    [LibraryImport(Library, EntryPoint = "comigs_grad")]
    public static partial int Grad(nint* outputs, nint* grads, int count, nint* inputs, int inputCount, [MarshalAs(UnmanagedType.U1)] bool retain,
        [MarshalAs(UnmanagedType.U1)] bool create, [MarshalAs(UnmanagedType.U1)] bool allowUnused, nint* results);

    [LibraryImport(Library, EntryPoint = "comigs_custom_function")]
    public static partial int CustomFunction(nint* inputs, int inputCount, nint* outputs, int outputCount,
        delegate* unmanaged<nint, nint*, int, nint*, int, int> backward, delegate* unmanaged<nint, void> releaseSaved,
        delegate* unmanaged<nint, void> release, nint context);

    [LibraryImport(Library, EntryPoint = "comigs_tensor_version")]
    public static partial long TensorVersion(nint tensor);

    [LibraryImport(Library, EntryPoint = "comigs_tensor_is_same")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool TensorIsSame(nint a, nint b);

    [LibraryImport(Library, EntryPoint = "comigs_grad_mode")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool GradMode();

    [LibraryImport(Library, EntryPoint = "comigs_set_grad_mode")]
    public static partial void SetGradMode([MarshalAs(UnmanagedType.U1)] bool enabled);

    [LibraryImport(Library, EntryPoint = "comigs_inference_mode")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool InferenceMode();

    [LibraryImport(Library, EntryPoint = "comigs_inference_enter")]
    public static partial nint InferenceEnter([MarshalAs(UnmanagedType.U1)] bool enabled);

    [LibraryImport(Library, EntryPoint = "comigs_inference_leave")]
    public static partial void InferenceLeave(nint guard);

    [LibraryImport(Library, EntryPoint = "comigs_manual_seed")]
    public static partial int ManualSeed(long seed);

    [LibraryImport(Library, EntryPoint = "comigs_generator")]
    public static partial nint Generator(long seed);

    [LibraryImport(Library, EntryPoint = "comigs_default_generator")]
    public static partial nint DefaultGenerator();

    [LibraryImport(Library, EntryPoint = "comigs_generator_free")]
    public static partial void GeneratorFree(nint generator);

    [LibraryImport(Library, EntryPoint = "comigs_generator_seed")]
    public static partial void GeneratorSeed(nint generator, long seed);

    [LibraryImport(Library, EntryPoint = "comigs_generator_initial_seed")]
    public static partial long GeneratorInitialSeed(nint generator);

    [LibraryImport(Library, EntryPoint = "comigs_generator_state")]
    public static partial nint GeneratorState(nint generator);

    [LibraryImport(Library, EntryPoint = "comigs_generator_set_state")]
    public static partial int GeneratorSetState(nint generator, nint state);

    [LibraryImport(Library, EntryPoint = "comigs_num_threads")]
    public static partial int NumThreads();

    [LibraryImport(Library, EntryPoint = "comigs_set_num_threads")]
    public static partial int SetNumThreads(int count);

    [LibraryImport(Library, EntryPoint = "comigs_num_interop_threads")]
    public static partial int NumInteropThreads();

    [LibraryImport(Library, EntryPoint = "comigs_set_num_interop_threads")]
    public static partial int SetNumInteropThreads(int count);

    [LibraryImport(Library, EntryPoint = "comigs_cuda_is_available")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool CudaIsAvailable();

    [LibraryImport(Library, EntryPoint = "comigs_cuda_device_count")]
    public static partial int CudaDeviceCount();

    [LibraryImport(Library, EntryPoint = "comigs_cuda_synchronize")]
    public static partial int CudaSynchronize(int device);
}
