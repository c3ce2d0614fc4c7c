using CoMiGS.Layers;
using CoMiGS.Routing;
using CoMiGS.Training;

namespace CoMiGS.Reference.Tests;

[Trait("Category", "Reference")]
public sealed class SingleStepTests
{
    public static TheoryData<string, ScalarType> Cases()
    {
        var data = new TheoryData<string, ScalarType>();
        foreach (var name in ReferenceFolder.Names("single_step"))
        {
            data.Add(name, ScalarType.Float32);
            data.Add(name, ScalarType.Float64);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Logits_and_losses_are_those_of_the_released_code(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var step = new Step(name, type);
        var (logits, total) = step.Forward("input");

        step.Check("out.logits", logits);
        step.Check("out.token_loss", step.TokenLosses(logits, "input"));
        step.Check("out.ce", step.CrossEntropy);
        step.Check("out.lb_layers", stack(step.Official.Layers()));
        step.Check("out.total", total);
        if (step.Case.Result("out.pruning", type) is not null)
        {
            step.Check("out.pruning", step.Pruning());
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_balance_loss_on_the_blocks_own_input_has_the_corrected_values_and_gradients(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var step = new Step(name, type);
        step.Forward("input");
        if (step.Moe.RouterParameters().Any())
        {
            var routed = step.Moe.Blocks.Select(b => step.Corrected(UnselectedLogits.Zero).Compute(b.LastRouting!)).ToArray();
            step.Check("out.lb_mlp_in_layers", stack(routed));
            step.Check("out.lb_mlp_in", OfficialBalance.Mean(routed));
            step.Check("out.lb_maskinf_layers", stack(step.WithMaskedLogits().Layers()));
            step.Check("out.total_lb_mlp_in", step.CrossEntropy + (step.Moe.BalanceLoss().to(type) * (step.Weight == 0 ? 0 : 1)));
            step.CheckGradients("grad_lb_mlp_in.", OfficialBalance.Mean(routed));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_of_every_adapter_and_router_are_those_of_the_released_code(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var step = new Step(name, type);
        var (_, total) = step.Forward("input");

        step.CheckGradients("grad.", total);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void One_expert_step_and_one_router_step_end_where_the_released_code_ends(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var step = new Step(name, type);
        using var trainer = step.Trainer();

        trainer.ExpertStep();
        step.CheckParameters("after_expert.", router: false);

        if (step.Moe.RouterParameters().Any())
        {
            var report = trainer.RouterStep();
            step.Check("out2.ce", tensor(report.Loss));
            step.CheckRouterGradients("grad_router_clean.");
            step.CheckParameters("after_router_clean.", router: true);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void With_the_released_codes_gradient_leak_the_router_ends_where_its_router_ends(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var step = new Step(name, type);
        var routers = step.Moe.RouterParameters().ToList();
        if (routers.Count == 0)
        {
            return; // a mean of experts has no router that anything could leak into
        }

        using var experts = step.AdamW(step.Moe.ExpertParameters());
        using var router = step.AdamW(routers);
        step.Forward("input").Total.backward();
        experts.step();
        experts.zero_grad(); // the routers' gradients stay: that is the leak
        step.Forward("input2").Total.backward();

        step.CheckRouterGradients("grad_router_official.");
        router.step();
        step.CheckParameters("after_router_official.", router: true);
    }

    [Fact]
    public void There_are_cases_and_their_number_is_told()
    {
        var counts = new[] { "single_step", "aggregation", "pcl", "trajectory" }.Select(kind => $"{ReferenceFolder.Names(kind).Count()} {kind}").ToList();
        Console.WriteLine($"Reference cases in {ReferenceFolder.Path}: {string.Join(", ", counts)}");

        ReferenceFolder.Names("single_step").Should().NotBeEmpty();
    }
}
