namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The tensor with other elements; the same native tensor when nothing changes.</summary>
        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            After(Call("to.dtype", this, type, non_blocking, copy), disposeAfter);

        /// <summary>The tensor with other elements.</summary>
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to_type(type, copy, disposeAfter, non_blocking);

        /// <summary>The tensor with other elements on another device.</summary>
        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            After(Call("to.device", this, device, type, non_blocking, copy), disposeAfter);

        /// <summary>The tensor on another device.</summary>
        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            After(Call("to.device", this, device, dtype, non_blocking, copy), disposeAfter);

        /// <summary>The tensor on another device.</summary>
        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        /// <summary>The tensor on another device.</summary>
        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(device), copy, disposeAfter, non_blocking);

        /// <summary>The tensor with the elements and device of another.</summary>
        public Tensor to(Tensor other, bool non_blocking = false) => to(other.dtype, other.device, non_blocking: non_blocking);

        /// <summary>The tensor with elements of a type.</summary>
        public Tensor type(ScalarType dtype) => to(dtype);

        /// <summary>The tensor converted by a function.</summary>
        public Tensor type(Func<Tensor, Tensor> typeFunc) => typeFunc(this);

        /// <summary>The tensor with the elements of another.</summary>
        public Tensor type_as(Tensor tensor) => to_type(tensor.dtype);

        /// <summary>The tensor on the processor.</summary>
        public Tensor cpu() => to(CPU);

        /// <summary>The tensor on a CUDA device.</summary>
        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);

        /// <summary>As bool.</summary>
        public Tensor @bool() => to_type(ScalarType.Bool);

        /// <summary>As uint8.</summary>
        public Tensor @byte() => to_type(ScalarType.Byte);

        /// <summary>As int8.</summary>
        public Tensor @char() => to_type(ScalarType.Int8);

        /// <summary>As int16.</summary>
        public Tensor @short() => to_type(ScalarType.Int16);

        /// <summary>As int32.</summary>
        public Tensor @int() => to_type(ScalarType.Int32);

        /// <summary>As int64.</summary>
        public Tensor @long() => to_type(ScalarType.Int64);

        /// <summary>As float16.</summary>
        public Tensor half() => to_type(ScalarType.Float16);

        /// <summary>As bfloat16.</summary>
        public Tensor bfloat16() => to_type(ScalarType.BFloat16);

        /// <summary>As float32.</summary>
        public Tensor @float() => to_type(ScalarType.Float32);

        /// <summary>As float64.</summary>
        public Tensor @double() => to_type(ScalarType.Float64);

        /// <summary>A copy.</summary>
        public Tensor clone() => Call("clone", this);

        /// <summary>The tensor in row-major order; the same native tensor when it is so already.</summary>
        public Tensor contiguous() => Call("contiguous", this);

        /// <summary>The same data without history.</summary>
        public Tensor detach() => Call("detach", this);

        /// <summary>Cuts the history off.</summary>
        public Tensor detach_() => InPlace("detach_", this);

        /// <summary>Another managed tensor over the same native tensor.</summary>
        public Tensor alias() => new(Native.TensorAlias(Handle));
    }
}
