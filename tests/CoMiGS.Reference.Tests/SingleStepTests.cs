using System.Text.Json;
using CoMiGS.Routing;
using CoMiGS.Training;

namespace CoMiGS.Reference.Tests;

[Trait("Category", "Reference")]
public sealed class SingleStepTests
{
    public static TheoryData<string, Pass> Cases() => Cases(_ => true);

    /// <summary>The cases in which something is routed; a single expert and a plain mean have no router to learn.</summary>
    public static TheoryData<string, Pass> RoutedCases() =>
        Cases(config => OfficialModel.Int(config, "expert_num") > 1 && !OfficialModel.Flag(config, "is_no_router"));

    private static TheoryData<string, Pass> Cases(Func<JsonElement, bool> wanted)
    {
        var data = new TheoryData<string, Pass>();
        foreach (var name in ReferenceFolder.Names("single_step").Where(name => wanted(ReferenceFolder.Manifest(name).GetProperty("config"))))
        {
            foreach (var pass in Enum.GetValues<Pass>())
            {
                data.Add(name, pass);
            }
        }

        return data;
    }

    [ReferenceTheory]
    [MemberData(nameof(Cases))]
    public void Logits_and_losses_are_those_of_the_released_code(string name, Pass pass)
    {
        using var scope = NewDisposeScope();
        using var step = new Step(name, pass);
        var (logits, total) = step.Forward("input");

        step.Check("out.logits", logits);
        step.Check("out.token_loss", step.TokenLosses(logits, "input"));
        step.Check("out.ce", step.CrossEntropy);
        step.Check("out.lb_layers", stack(step.Official.Layers()));
        step.Check("out.total", total);
        if (step.Case.Result("out.pruning", pass.Type()) is not null)
        {
            step.Check("out.pruning", step.Pruning());
        }
    }

    [ReferenceTheory]
    [MemberData(nameof(RoutedCases))]
    public void The_balance_loss_on_the_blocks_own_input_has_the_corrected_values_and_gradients(string name, Pass pass)
    {
        using var scope = NewDisposeScope();
        using var step = new Step(name, pass);
        step.Forward("input");

        var layers = step.Moe.Blocks.Select(b => step.Corrected(UnselectedLogits.Zero).Compute(b.LastRouting!)).ToArray();

        step.Check("out.lb_mlp_in_layers", stack(layers));
        step.Check("out.lb_mlp_in", OfficialBalance.Mean(layers));
        step.Check("out.total_lb_mlp_in", step.CrossEntropy + step.Moe.BalanceLoss());
        step.CheckGradients("grad_lb_mlp_in.", OfficialBalance.Mean(layers));
    }

    [ReferenceTheory]
    [MemberData(nameof(RoutedCases))]
    public void With_masked_logits_the_balance_loss_has_the_masked_values(string name, Pass pass)
    {
        using var scope = NewDisposeScope();
        using var step = new Step(name, pass);
        var topK = step.Moe.Layout.TopK;

        var masked = step.MaskedLayers();

        // For top one there is no softmax over selected logits to mask: both forms take the bare probability.
        step.Check(topK == 1 ? "out.lb_layers" : "out.lb_maskinf_layers", masked);
    }

    [ReferenceTheory]
    [MemberData(nameof(Cases))]
    public void Gradients_of_every_adapter_and_router_are_those_of_the_released_code(string name, Pass pass)
    {
        using var scope = NewDisposeScope();
        using var step = new Step(name, pass);
        var (_, total) = step.Forward("input");

        step.CheckGradients("grad.", total);
    }

    [ReferenceTheory]
    [MemberData(nameof(Cases))]
    public void One_expert_step_ends_where_the_released_code_ends(string name, Pass pass)
    {
        using var scope = NewDisposeScope();
        using var step = new Step(name, pass);
        using var trainer = step.Trainer();

        trainer.ExpertStep();

        step.CheckParameters("after_expert.", router: false);
    }

    [ReferenceTheory]
    [MemberData(nameof(RoutedCases))]
    public void One_router_step_after_it_ends_where_a_router_without_the_gradient_leak_ends(string name, Pass pass)
    {
        using var scope = NewDisposeScope();
        using var step = new Step(name, pass);
        using var trainer = step.Trainer();
        trainer.ExpertStep();

        var report = trainer.RouterStep();

        step.Check("out2.ce", tensor(report.Loss));
        step.Check("out2.total", tensor(report.Loss + report.Penalty));
        step.CheckRouterGradients("grad_router_clean.");
        step.CheckParameters("after_router_clean.", router: true);
    }

    [ReferenceTheory]
    [MemberData(nameof(RoutedCases))]
    public void With_the_released_codes_gradient_leak_the_router_ends_where_its_router_ends(string name, Pass pass)
    {
        using var scope = NewDisposeScope();
        using var step = new Step(name, pass);
        using var experts = step.AdamW(step.Moe.ExpertParameters());
        using var router = step.AdamW(step.Moe.RouterParameters());
        step.Forward("input").Total.backward();
        experts.step();
        experts.zero_grad(); // the routers' gradients stay: that is the leak

        step.Forward("input2").Total.backward();

        step.CheckRouterGradients("grad_router_official.");
        router.step();
        step.CheckParameters("after_router_official.", router: true);
    }

    [ReferenceTheory]
    [MemberData(nameof(Cases))]
    public void A_case_with_one_wrong_number_fails(string name, Pass pass)
    {
        using var falsified = new FalsifiedCase(ReferenceFolder.Path, name, name + (pass == Pass.Exact ? ".f64.safetensors" : ".safetensors"), "out.logits", move: pass == Pass.Exact ? 1e-6 : 1e-3);
        using var scope = NewDisposeScope();
        using var step = new Step(name, pass, falsified.Folder);
        var (logits, total) = step.Forward("input");

        step.Invoking(s => s.Check("out.logits", logits)).Should().Throw<Exception>().WithMessage("*out.logits has to be what the released code computes*");
        step.Check("out.total", total);
    }
}
