using CoMiGS.Parameters;

namespace CoMiGS.Tests.Parameters;

public sealed class SharedRolesTests
{
    [Fact]
    public void By_default_routers_and_specialists_stay()
    {
        Enum.GetValues<ParameterRole>().Where(SharedRoles.Default.Contains).Should().BeEquivalentTo([ParameterRole.Generalist, ParameterRole.Attention]);
    }

    [Fact]
    public void None_shares_nothing()
    {
        Enum.GetValues<ParameterRole>().Should().NotContain(r => SharedRoles.None.Contains(r));
        SharedRoles.None.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public void Only_the_named_roles_are_shared()
    {
        var roles = SharedRoles.Of(ParameterRole.Generalist);

        roles.Contains(ParameterRole.Generalist).Should().BeTrue();
        roles.Contains(ParameterRole.Attention).Should().BeFalse();
    }
}
