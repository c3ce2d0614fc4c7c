using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Moves and converts the module; its parameters are replaced, not changed.</summary>
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                RequireFloatingPoint(dtype);
                InitializeDeviceType(device.type);
                _toEpilog(device, dtype, non_blocking);
                return this;
            }

            /// <summary>Moves the module; its parameters are replaced, not changed.</summary>
            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                deviceIndex = deviceType == DeviceType.CUDA ? deviceIndex : -1;
                if (deviceType != _deviceType || deviceIndex != _deviceIndex)
                {
                    InitializeDeviceType(deviceType);
                    _toEpilog(deviceType, deviceIndex, non_blocking);
                }

                return this;
            }

            /// <summary>Converts the module; its parameters are replaced, not changed.</summary>
            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                RequireFloatingPoint(dtype);
                _toEpilog(dtype, non_blocking);
                return this;
            }

            /// <summary>Replaces what the module holds after a move.</summary>
            protected void _toEpilog(ScalarType dtype, bool non_blocking) => _toEpilog(dtype, null, non_blocking);

            /// <summary>Replaces what the module holds after a move.</summary>
            protected void _toEpilog(Device device, ScalarType dtype, bool non_blocking) => _toEpilog(dtype, device, non_blocking);

            /// <summary>Replaces what the module holds after a move.</summary>
            protected void _toEpilog(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
                _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);

            /// <summary>Replaces what the module holds after a move: in the registry, and in the property or field of the same name.</summary>
            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                foreach (var (_, child) in named_children())
                {
                    _ = (dtype, device) switch
                    {
                        ({ } d, null) => child._to(d, non_blocking),
                        (null, { } v) => child._to(v.type, v.index, non_blocking),
                        ({ } d, { } v) => child._to(v, d, non_blocking),
                        _ => throw new ArgumentException("Neither a type nor a device was given.", nameof(dtype)),
                    };
                }

                foreach (var (key, parameter) in named_parameters(false).ToList())
                {
                    if (ReplaceParameter(dtype, device, parameter, out var replacement) && !SetProperty(key, replacement))
                    {
                        parameter.Dispose();
                        ConditionallyRegisterParameter(key, replacement);
                        SetField(key, replacement);
                    }
                }

                foreach (var (key, buffer) in named_buffers(false).ToList())
                {
                    var persistent = _internal_buffers[key].Item2;
                    if (ReplaceBuffer(dtype, device, buffer, out var replacement) && !SetProperty(key, replacement))
                    {
                        ConditionallyRegisterBuffer(key, replacement, persistent);
                        SetField(key, replacement);
                    }
                }

                if (device is not null)
                {
                    _deviceType = device.type;
                    _deviceIndex = device.index;
                }
            }

            /// <summary>A parameter moved and converted, with its gradient; false when nothing changes.</summary>
            protected static bool ReplaceParameter(ScalarType? dtype, Device? device, Parameter param, out Parameter? p)
            {
                p = null;
                using var gradient = param.grad;
                if (!WillCopy(param, dtype, device) && (gradient is null || !WillCopy(gradient, dtype, device)))
                {
                    return false;
                }

                using (no_grad())
                {
                    var type = dtype is { } t && param.is_floating_point() ? t : param.dtype;
                    p = new Parameter(param.to(type, device ?? param.device), param.requires_grad);
                    p.DetachFromDisposeScope();
                    if (gradient is not null)
                    {
                        using var moved = gradient.to(type, device ?? param.device).with_requires_grad(gradient.requires_grad);
                        p.grad = moved;
                    }
                }

                return true;
            }

            /// <summary>A buffer moved and converted; false when nothing changes.</summary>
            protected static bool ReplaceBuffer(ScalarType? dtype, Device? device, Tensor buffer, out Tensor? result)
            {
                result = null;
                if (!WillCopy(buffer, dtype, device))
                {
                    return false;
                }

                var type = dtype is { } t && buffer.is_floating_point() ? t : buffer.dtype;
                result = buffer.to(type, device ?? buffer.device, disposeAfter: true).DetachFromDisposeScope();
                return true;
            }

            /// <summary>The device and type of a factory that may not be told them.</summary>
            protected static (Device device, ScalarType dtype) GetDefaultDeviceAndType(Device? device = null, ScalarType? dtype = null) =>
                (device ?? get_default_device(), dtype ?? get_default_dtype());

            private static bool WillCopy(Tensor tensor, ScalarType? dtype, Device? device) =>
                (dtype is { } type && type != tensor.dtype)
                || (device is not null && (device.type != tensor.device_type || (device.index >= 0 && device.index != tensor.device_index)));

            private static void RequireFloatingPoint(ScalarType dtype)
            {
                if (!torch.is_floating_point(dtype))
                {
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");
                }
            }

            private bool SetProperty(string key, object? value)
            {
                var property = GetType().GetProperty(key, BindingFlags.Public | BindingFlags.Instance);
                if (property is not { CanWrite: true })
                {
                    return false;
                }

                property.SetValue(this, value);
                return true;
            }

            private void SetField(string key, object? value) => Fields().FirstOrDefault(f => f.ComponentName() == key)?.SetValue(this, value);
        }
    }
}
