using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>What all optimizers share: groups, states, the frame of a step.</summary>
public abstract class OptimizerHelper : torch.optim.Optimizer
{
    /// <summary>The options of groups that set none.</summary>
    protected OptimizerOptions _defaults = null!;

    /// <summary>The state of each parameter, by its handle.</summary>
    protected OrderedDict<IntPtr, OptimizerState> _state = new();

    /// <summary>An optimizer without groups.</summary>
    public OptimizerHelper()
        : base(IntPtr.Zero)
    {
    }

    /// <summary>Sets the gradients to zero. They stay allocated: a parameter without gradient keeps none.</summary>
    public override void zero_grad()
    {
        foreach (var parameter in parameters())
        {
            using var gradient = parameter.grad;
            if (gradient is null)
            {
                continue;
            }

            using var detached = gradient.requires_grad ? gradient.detach() : null; // it has a history only after create_graph
            (detached ?? gradient).zero_();
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(g => g.Parameters);

    /// <inheritdoc/>
    public override void add_param_group(ParamGroup param_group) => _parameter_groups.Add(param_group);

    /// <summary>Moves the states to a device.</summary>
    public void to(Device device)
    {
        foreach (var (_, state) in _state)
        {
            state.to(device);
        }
    }

    /// <summary>The options of each group and the state of each parameter: the optimizer's own, not copies.</summary>
    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        foreach (var group in _parameter_groups)
        {
            dictionary.Options.Add(group.Options);
            var positions = new List<int>();
            dictionary.StateIndexRef.Add(positions);
            foreach (var parameter in group.Parameters)
            {
                positions.Add(dictionary.State.Count);
                dictionary.State.Add(_state[parameter.Handle]);
            }
        }

        return dictionary;
    }

    /// <summary>Copies options and states of an optimizer with the same groups.</summary>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        if (state_dict.Options.Count != own.Options.Count)
        {
            throw new ArgumentException("Invalid optimizer state -- different number of parameter groups.");
        }

        if (state_dict.State.Count != own.State.Count)
        {
            throw new ArgumentException("Invalid optimizer state -- different number of states.");
        }

        for (var i = 0; i < own.Options.Count; i++)
        {
            if (own.Options[i] != state_dict.Options[i])
            {
                own.Options[i].LoadStateDict(state_dict.Options[i]);
            }
        }

        for (var i = 0; i < own.State.Count; i++)
        {
            if (own.State[i] != state_dict.State[i])
            {
                own.State[i].LoadStateDict(state_dict.State[i]);
            }
        }
    }

    /// <summary>The frame of a step: the closure recorded, the changes not, what lies between disposed.</summary>
    protected torch.Tensor? _step<T>(Action<T> body, Func<torch.Tensor>? loss_closure = null)
        where T : ParamGroup
    {
        torch.Tensor? loss = null;
        if (loss_closure is not null)
        {
            using var recording = torch.enable_grad();
            loss = loss_closure();
        }

        using var unrecorded = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        foreach (var group in _parameter_groups)
        {
            body((T)group);
        }

        return loss;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var (_, state) in _state)
            {
                state.Release();
            }

            _state.clear();
        }

        base.Dispose(disposing);
    }

    private protected void Enter(ParamGroup group, Func<Parameter, OptimizerState> create)
    {
        group.Options.InitialLearningRate = group.Options.LearningRate!.Value;
        _parameter_groups.Add(group);
        foreach (var parameter in group.Parameters)
        {
            var state = create(parameter);
            _state[parameter.Handle] = state;
            state.Initialize(group.Options);
        }
    }
}
