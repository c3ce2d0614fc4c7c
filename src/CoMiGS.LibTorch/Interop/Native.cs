using System.Runtime.InteropServices;

namespace CoMiGS.LibTorch.Interop;

/// <summary>The C ABI of comigs_torch.cpp.</summary>
internal static unsafe partial class Native
{
    private const string Library = "comigs_torch";

    static Native() => NativeLibraryLoader.Register();

    /// <summary>Throws what libtorch reported when a handle is missing.</summary>
    public static nint Checked(nint handle) => handle != 0 ? handle : throw Error();

    /// <summary>Throws what libtorch reported when a call failed.</summary>
    public static int Check(int code) => code >= 0 ? code : throw Error();

    public static string Text(nint utf8) => Marshal.PtrToStringUTF8(utf8) ?? "";

    private static ExternalException Error() => new(Text(LastError()));

    [LibraryImport(Library, EntryPoint = "comigs_last_error")]
    private static partial nint LastError();

    [LibraryImport(Library, EntryPoint = "comigs_set_error", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetError(string text);

    [LibraryImport(Library, EntryPoint = "comigs_version")]
    public static partial nint Version();

    [LibraryImport(Library, EntryPoint = "comigs_config")]
    public static partial nint Configuration();

    [LibraryImport(Library, EntryPoint = "comigs_blas_library")]
    public static partial nint BlasLibrary();

    [LibraryImport(Library, EntryPoint = "comigs_operator", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Operator(string name, string overload);

    [LibraryImport(Library, EntryPoint = "comigs_call")]
    public static partial int Call(nint op, Value* arguments, int count, Value* results, int capacity);

    [LibraryImport(Library, EntryPoint = "comigs_free_list")]
    public static partial void FreeList(nint list);

    [LibraryImport(Library, EntryPoint = "comigs_tensor_free")]
    public static partial void TensorFree(nint tensor);

    [LibraryImport(Library, EntryPoint = "comigs_tensor_alias")]
    public static partial nint TensorAlias(nint tensor);

    [LibraryImport(Library, EntryPoint = "comigs_tensor_copy_of")]
    public static partial nint TensorCopyOf(void* data, long bytes, long* sizes, int dims, sbyte dtype);

    [LibraryImport(Library, EntryPoint = "comigs_tensor_over")]
    public static partial nint TensorOver(void* data, long* sizes, int dims, sbyte dtype, delegate* unmanaged<nint, void> release, nint context);

    [LibraryImport(Library, EntryPoint = "comigs_tensor_data")]
    public static partial nint TensorData(nint tensor);

    [LibraryImport(Library, EntryPoint = "comigs_tensor_info")]
    [SuppressGCTransition]
    public static partial void TensorInfo(nint tensor, long* info);

    [LibraryImport(Library, EntryPoint = "comigs_tensor_sizes")]
    [SuppressGCTransition]
    public static partial void TensorSizes(nint tensor, long* sizes);

    [LibraryImport(Library, EntryPoint = "comigs_tensor_strides")]
    [SuppressGCTransition]
    public static partial void TensorStrides(nint tensor, long* strides);

    [LibraryImport(Library, EntryPoint = "comigs_tensor_is_contiguous")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool TensorIsContiguous(nint tensor);

    [LibraryImport(Library, EntryPoint = "comigs_tensor_requires_grad")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool TensorRequiresGrad(nint tensor);

    [LibraryImport(Library, EntryPoint = "comigs_tensor_set_requires_grad")]
    public static partial int TensorSetRequiresGrad(nint tensor, [MarshalAs(UnmanagedType.U1)] bool value);

    [LibraryImport(Library, EntryPoint = "comigs_tensor_is_leaf")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool TensorIsLeaf(nint tensor);

    [LibraryImport(Library, EntryPoint = "comigs_tensor_retain_grad")]
    public static partial int TensorRetainGrad(nint tensor);

    [LibraryImport(Library, EntryPoint = "comigs_tensor_grad")]
    public static partial nint TensorGrad(nint tensor);

    [LibraryImport(Library, EntryPoint = "comigs_tensor_set_grad")]
    public static partial int TensorSetGrad(nint tensor, nint grad);
}
