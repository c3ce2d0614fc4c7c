namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The number of dimensions.</summary>
        public long Dimensions => Info(0);

        /// <summary>The number of dimensions.</summary>
        public long ndim => Info(0);

        /// <summary>The number of elements.</summary>
        public long NumberOfElements => Info(4);

        /// <summary>The bytes of one element.</summary>
        public long ElementSize => Info(5);

        /// <summary>The type of the elements.</summary>
        public ScalarType dtype => (ScalarType)Info(1);

        /// <summary>The kind of device the tensor lies on.</summary>
        public DeviceType device_type => (DeviceType)Info(2);

        /// <summary>The index of the device, -1 for the CPU.</summary>
        public int device_index => (int)Info(3);

        /// <summary>The device the tensor lies on.</summary>
        public Device device => device_type == DeviceType.CPU ? new Device(DeviceType.CPU) : new Device(device_type, device_index);

        /// <summary>Whether the tensor lies on a CUDA device.</summary>
        public bool is_cuda => device_type == DeviceType.CUDA;

        /// <summary>Whether the tensor has a shape but no data.</summary>
        public bool is_meta => device_type == DeviceType.META;

        /// <summary>The length of each dimension.</summary>
        public long[] shape => size();

        /// <summary>Whether the tensor lies on the CPU.</summary>
        public bool is_cpu() => device_type == DeviceType.CPU;

        /// <summary>The number of dimensions.</summary>
        public long dim() => Dimensions;

        /// <summary>The number of elements.</summary>
        public long numel() => NumberOfElements;

        /// <summary>The bytes of one element.</summary>
        public long element_size() => ElementSize;

        /// <summary>Where the first element lies in the storage, counted in elements.</summary>
        public long storage_offset() => Info(6);

        /// <summary>Whether the elements are integers or truth values.</summary>
        public bool is_integral() => torch.is_integral(dtype);

        /// <summary>Whether the elements are floating-point numbers.</summary>
        public bool is_floating_point() => torch.is_floating_point(dtype);

        /// <summary>Whether the elements lie in row-major order without gaps.</summary>
        public bool is_contiguous() => Native.TensorIsContiguous(Handle);

        /// <summary>Whether the only element is not zero.</summary>
        public bool is_nonzero() => ToScalar().ToDouble() != 0;

        /// <summary>The length of one dimension; negative counts from the end.</summary>
        public unsafe long size(int dim)
        {
            Span<long> sizes = stackalloc long[(int)Dimensions];
            fixed (long* p = sizes)
            {
                Native.TensorSizes(Handle, p);
            }

            return At(sizes, dim);
        }

        /// <summary>The step of one dimension in elements.</summary>
        public long stride(int dim) => At(stride(), dim);

        /// <summary>The length of each dimension.</summary>
        public unsafe long[] size()
        {
            var sizes = new long[Dimensions];
            fixed (long* p = sizes)
            {
                Native.TensorSizes(Handle, p);
            }

            return sizes;
        }

        /// <summary>The step of each dimension in elements.</summary>
        public unsafe long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* p = strides)
            {
                Native.TensorStrides(Handle, p);
            }

            return strides;
        }

        private static long At(ReadOnlySpan<long> values, int dim)
        {
            var position = dim < 0 ? dim + values.Length : dim;
            return position >= 0 && position < values.Length
                ? values[position]
                : throw new System.Runtime.InteropServices.ExternalException(
                    $"Dimension out of range (expected to be in range of [{-values.Length}, {values.Length - 1}], but got {dim})");
        }

        private unsafe long Info(int position)
        {
            var info = stackalloc long[7];
            Native.TensorInfo(Handle, info);
            GC.KeepAlive(this);
            return info[position];
        }
    }
}
