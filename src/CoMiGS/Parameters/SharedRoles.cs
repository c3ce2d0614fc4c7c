namespace CoMiGS.Parameters;

/// <summary>The allow-list of the wire: parameters of these roles leave the device, all others never do.</summary>
public sealed class SharedRoles
{
    private readonly HashSet<ParameterRole> _roles;

    private SharedRoles(IEnumerable<ParameterRole> roles, LoraFactor factor = LoraFactor.None)
    {
        _roles = [.. roles];
        Factor = factor;
    }

    /// <summary>Generalists and attention adapters, as in the paper's released code ("1G1S", <c>expert_0</c>).</summary>
    public static SharedRoles Default { get; } = Of(ParameterRole.Generalist, ParameterRole.Attention);

    /// <summary>Nothing: every device learns alone (the Local baseline).</summary>
    public static SharedRoles None { get; } = Of();

    /// <summary>Exactly the given roles.</summary>
    public static SharedRoles Of(params ParameterRole[] roles) => new(roles);

    /// <summary>Whether parameters of <paramref name="role"/> may leave the device.</summary>
    public bool Contains(ParameterRole role) => _roles.Contains(role);

    /// <summary>The only factor of adapters that is shared.</summary>
    /// <value>Default: none, which is both.</value>
    public LoraFactor Factor { get; }

    /// <summary>The same roles, but only one factor of their adapters: the other stays on the device (FFA-LoRA, FedSA-LoRA).</summary>
    /// <param name="factor">Which; none for both.</param>
    public SharedRoles Only(LoraFactor factor) => new(_roles, factor);

    /// <summary>Whether a parameter may leave the device.</summary>
    /// <param name="parameter">The parameter.</param>
    public bool Contains(NamedParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return Contains(parameter.Role) && (Factor == LoraFactor.None || parameter.Factor == LoraFactor.None || parameter.Factor == Factor);
    }

    /// <summary>Whether nothing is shared.</summary>
    public bool IsEmpty => _roles.Count == 0;

    /// <inheritdoc/>
    public override string ToString() => IsEmpty ? "none" : string.Join(", ", _roles.Order()) + (Factor == LoraFactor.None ? "" : $" ({Factor} alone)");
}
