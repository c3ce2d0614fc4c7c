using CoMiGS.Aggregation;
using CoMiGS.Parameters;

namespace CoMiGS.Reference.Tests;

/// <summary>Sharing by role and the plain mean, against the released code's server.</summary>
[Trait("Category", "Reference")]
public sealed class AggregationTests
{
    public static TheoryData<string> Cases() => AggregationCase.Names("default");

    [ReferenceTheory]
    [MemberData(nameof(Cases))]
    public void The_roles_that_are_shared_are_the_tensors_that_the_released_code_shares(string name)
    {
        using var scope = NewDisposeScope();
        using var reference = new AggregationCase(name);
        using var moe = reference.Client(0);

        var shared = moe.SharedParameters(OfficialModel.Roles(reference.Sharing)).Select(OfficialModel.OfficialName).ToHashSet();

        foreach (var tensor in reference.Reference.Manifest.GetProperty("is_global").EnumerateObject())
        {
            shared.Contains(tensor.Name).Should().Be(tensor.Value.GetBoolean(), tensor.Name);
        }
    }

    [ReferenceTheory]
    [MemberData(nameof(Cases))]
    public async Task Rounds_through_the_transport_leave_on_server_and_clients_what_the_released_code_leaves(string name)
    {
        using var scope = NewDisposeScope();
        using var reference = new AggregationCase(name);

        await reference.RunAsync(new UniformMean(), scale: null, (client, round) => reference.CheckClient(client, round));

        reference.CheckServer(reference.Rounds - 1);
    }
}
