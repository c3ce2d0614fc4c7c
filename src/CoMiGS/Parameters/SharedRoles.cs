namespace CoMiGS.Parameters;

/// <summary>The allow-list of the wire: parameters of these roles leave the device, all others never do.</summary>
public sealed class SharedRoles
{
    private readonly HashSet<ParameterRole> _roles;

    private SharedRoles(IEnumerable<ParameterRole> roles) => _roles = [.. roles];

    /// <summary>Generalists and attention adapters, as in the paper's released code ("1G1S", <c>expert_0</c>).</summary>
    public static SharedRoles Default { get; } = Of(ParameterRole.Generalist, ParameterRole.Attention);

    /// <summary>Nothing: every device learns alone (the Local baseline).</summary>
    public static SharedRoles None { get; } = Of();

    /// <summary>Exactly the given roles.</summary>
    public static SharedRoles Of(params ParameterRole[] roles) => new(roles);

    /// <summary>Whether parameters of <paramref name="role"/> may leave the device.</summary>
    public bool Contains(ParameterRole role) => _roles.Contains(role);

    /// <summary>Whether nothing is shared.</summary>
    public bool IsEmpty => _roles.Count == 0;

    /// <inheritdoc/>
    public override string ToString() => IsEmpty ? "none" : string.Join(", ", _roles.Order());
}
