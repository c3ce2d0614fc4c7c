using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace CoMiGS.LibTorch.Interop;

/// <summary>Calls ATen operators by name: <c>Call("add.Tensor", a, b)</c>. Arguments left out take the schema's defaults.</summary>
internal static unsafe class Aten
{
    private static readonly ConcurrentDictionary<string, nint> Operators = new();

    /// <summary>The one tensor that an operator returns.</summary>
    public static Tensor Call(string name, params ReadOnlySpan<Argument> arguments)
    {
        Value result = default;
        Invoke(name, arguments, &result, 1);
        return Take(result);
    }

    /// <summary>Runs an operator that changes its first argument and returns that argument, as TorchSharp does.</summary>
    public static Tensor InPlace(string name, params ReadOnlySpan<Argument> arguments)
    {
        Invoke(name, arguments, null, 0);
        return (Tensor)arguments[0].Reference!;
    }

    /// <summary>Runs an operator for its effect.</summary>
    public static void Run(string name, params ReadOnlySpan<Argument> arguments) => Invoke(name, arguments, null, 0);

    /// <summary>The two tensors that an operator returns.</summary>
    public static (Tensor, Tensor) Pair(string name, params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc Value[2];
        Invoke(name, arguments, results, 2);
        return (Take(results[0]), Take(results[1]));
    }

    /// <summary>The three tensors that an operator returns.</summary>
    public static (Tensor, Tensor, Tensor) Triple(string name, params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc Value[3];
        Invoke(name, arguments, results, 3);
        return (Take(results[0]), Take(results[1]), Take(results[2]));
    }

    /// <summary>The list of tensors that an operator returns.</summary>
    public static Tensor[] List(string name, params ReadOnlySpan<Argument> arguments)
    {
        Value result = default;
        Invoke(name, arguments, &result, 1);
        var handles = new ReadOnlySpan<nint>((void*)result.Bits, result.Count);
        var list = new Tensor[handles.Length];
        for (var i = 0; i < list.Length; i++)
        {
            list[i] = new Tensor(handles[i]);
        }

        Native.FreeList((nint)result.Bits);
        return list;
    }

    /// <summary>A result that is no tensor: a number or a truth value.</summary>
    public static Value Number(string name, params ReadOnlySpan<Argument> arguments)
    {
        Value result = default;
        Invoke(name, arguments, &result, 1);
        return result;
    }

    /// <summary>Whether this libtorch has an operator.</summary>
    public static bool Exists(string name) => Operators.GetOrAdd(name, n => Native.Operator("aten::" + n, "")) != 0;

    private static Tensor Take(in Value result) =>
        result.Tag == ValueTag.Tensor
            ? new Tensor((nint)result.Bits)
            : throw new InvalidOperationException($"The operator returned {result.Tag} where a tensor was expected.");

    private static nint Find(string name)
    {
        var dot = name.IndexOf('.');
        var (schema, overload) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
        return Native.Checked(Native.Operator("aten::" + schema, overload));
    }

    [SkipLocalsInit]
    private static void Invoke(string name, ReadOnlySpan<Argument> arguments, Value* results, int capacity)
    {
        if (!Operators.TryGetValue(name, out var op) || op == 0)
        {
            op = Operators[name] = Find(name);
        }

        var size = 0;
        foreach (ref readonly var argument in arguments)
        {
            size += ListLength(argument.Reference);
        }

        // Lists travel through one buffer: on the stack, or pinned when they are long (cat of many tensors).
        var pinned = size > 128 ? GC.AllocateUninitializedArray<long>(size, pinned: true) : null;
        var stack = stackalloc long[pinned is null ? size : 0];
        var buffer = pinned is null ? stack : (long*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
        var values = stackalloc Value[arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            buffer = Write(in arguments[i], ref values[i], buffer);
        }

        var count = Native.Call(op, values, arguments.Length, results, capacity);
        foreach (ref readonly var argument in arguments)
        {
            GC.KeepAlive(argument.Reference);
        }

        GC.KeepAlive(pinned);
        Native.Check(count);
    }

    private static int ListLength(object? reference) => reference switch
    {
        null or Tensor => 0,
        long[] list => list.Length,
        Tensor?[] list => list.Length,
        string text => (Encoding.UTF8.GetByteCount(text) + 7) / 8,
        _ => 0,
    };

    private static long* Write(in Argument argument, ref Value value, long* buffer)
    {
        value.Tag = argument.Tag;
        value.Count = argument.Count;
        value.Bits = argument.Bits;
        switch (argument.Reference)
        {
            case null:
                return buffer;
            case Tensor tensor:
                value.Bits = tensor.Handle;
                return buffer;
            case Generator generator:
                value.Bits = generator.Handle;
                return buffer;
            case long[] list:
                value.Bits = (nint)buffer;
                value.Count = list.Length;
                list.CopyTo(new Span<long>(buffer, list.Length));
                return buffer + list.Length;
            case string text:
                value.Bits = (nint)buffer;
                value.Count = Encoding.UTF8.GetBytes(text, new Span<byte>(buffer, Encoding.UTF8.GetByteCount(text)));
                return buffer + ((value.Count + 7) / 8);
            default:
                var tensors = (Tensor?[])argument.Reference;
                value.Bits = (nint)buffer;
                value.Count = tensors.Length;
                foreach (var tensor in tensors)
                {
                    *buffer++ = tensor is null ? 0 : tensor.Handle;
                }

                return buffer;
        }
    }
}
