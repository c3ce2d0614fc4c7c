namespace TorchSharp.Modules;

/// <summary>Marks modules that hold no parameters.</summary>
public interface IParameterLessModule
{
}

/// <summary>A module that holds no parameters and no buffers, so moving it does nothing.</summary>
public abstract class ParameterLessModule<T1, TResult> : torch.nn.Module<T1, TResult>, IParameterLessModule
{
    /// <summary>A module with a name for messages.</summary>
    protected ParameterLessModule(string name)
        : base(name)
    {
    }

    /// <summary>Refused: the module holds none.</summary>
    public override void register_buffer(string name, torch.Tensor tensor, bool persistent = true) =>
        throw new InvalidOperationException("Cannot register a buffer on a module that is declared 'parameter-less.'");

    /// <summary>Refused: the module holds none.</summary>
    public override void register_parameter(string name, Parameter param) =>
        throw new InvalidOperationException("Cannot register a parameter on a module that is declared 'parameter-less.'");

    /// <summary>Adds a child that holds no parameters either.</summary>
    public override void register_module(string name, torch.nn.Module submodule)
    {
        if (submodule is not IParameterLessModule)
        {
            throw new InvalidOperationException("Submodules of a parameter-less module must also be parameter-less.");
        }

        base.register_module(name, submodule);
    }

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(Device device, ScalarType dtype, bool non_blocking) => this;

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => this;

    /// <inheritdoc/>
    protected internal override torch.nn.Module _to(ScalarType dtype, bool non_blocking) => this;
}
