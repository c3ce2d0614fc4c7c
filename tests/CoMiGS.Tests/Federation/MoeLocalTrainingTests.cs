using CoMiGS.Federation;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using CoMiGS.Transport;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Federation;

public sealed class MoeLocalTrainingTests : IDisposable
{
    private readonly MoeModel _model = Tiny.Moe();
    private readonly BilevelTrainer _trainer;

    public MoeLocalTrainingTests() => _trainer = new BilevelTrainer(_model, Tiny.Data(), new BilevelOptions { Window = Tiny.Window, RouterEvery = 2, RouterSteps = 1 });

    public void Dispose()
    {
        _trainer.Dispose();
        _model.Dispose();
    }

    [Fact]
    public void What_is_exported_is_what_the_allow_list_names_in_its_order()
    {
        var training = Training();

        var exported = training.Export();

        exported.Specs.Should().Equal(training.SharedParameters);
        exported.Specs.Select(spec => spec.Name).Should().Equal(_model.SharedParameters().Select(parameter => parameter.Name));
        exported.Specs.Should().Contain(spec => spec.Name == "h.0.mlp.experts.0.c_fc.lora_A" && spec.Shape.SequenceEqual(new long[] { 8, 16 }));
    }

    [Fact]
    public void An_imported_set_is_exported_bit_by_bit_and_leaves_everything_private_alone()
    {
        var training = Training();
        var secrets = Private(_model);
        var next = new TensorSet(training.SharedParameters.Select((spec, i) =>
            NamedTensor.FromFloats(spec.Name, spec.Shape.AsSpan(), [.. Enumerable.Range(0, (int)spec.ElementCount).Select(j => MathF.Sin(i + j))])));

        training.Import(next);

        training.Export().Zip(next).Should().AllSatisfy(pair => pair.First.Data.ToArray().Should().Equal(pair.Second.Data.ToArray()));
        Private(_model).Should().Equal(secrets);
    }

    [Fact]
    public void A_set_with_a_wrong_tensor_changes_nothing()
    {
        var training = Training();
        var before = Sent.Floats(training.Export());
        var wrong = new TensorSet(training.Export().Select((tensor, i) =>
            i == training.SharedParameters.Count - 1 ? NamedTensor.FromFloats("h.0.mlp.router.weight", [1], [9]) : NamedTensor.FromFloats(tensor.Spec.Name, tensor.Spec.Shape.AsSpan(), new float[tensor.Spec.ElementCount])));

        training.Invoking(t => t.Import(wrong)).Should().Throw<ArgumentException>().WithMessage("*router*");

        Sent.Floats(training.Export()).Should().Equal(before);
    }

    [Fact]
    public void The_first_shared_parameters_follow_from_the_seed()
    {
        var training = Training();
        training.InitialiseShared(3);
        var first = Sent.Floats(training.Export());
        training.InitialiseShared(4);
        Sent.Floats(training.Export()).Should().NotEqual(first);

        training.InitialiseShared(3);

        Sent.Floats(training.Export()).Should().Equal(first);
    }

    [Fact]
    public void Training_reports_losses_and_moves_what_is_shared()
    {
        var training = Training();
        var before = Sent.Floats(training.Export());

        var metrics = training.Train(2, 2, CancellationToken.None);

        metrics["loss"].Should().BeGreaterThan(0);
        metrics["router_loss"].Should().BeGreaterThan(0);
        Sent.Floats(training.Export()).Should().NotEqual(before);
    }

    [Fact]
    public void Nothing_is_exported_where_nothing_is_shared() => Training(SharedRoles.None).Export().Should().BeEmpty();

    [Fact]
    public void Crossing_the_wire_leaves_no_tensor_behind()
    {
        var training = Training();
        training.Import(training.Export());
        var before = LiveTensors.Count();

        for (var i = 0; i < 20; i++)
        {
            training.Import(training.Export());
            training.InitialiseShared(i);
        }

        torch.Tensor.TotalCount.Should().Be(before);
    }

    private static float[] Private(MoeModel model) =>
        [.. model.Parameters.Where(parameter => !SharedRoles.Default.Contains(parameter.Role)).SelectMany(parameter => parameter.Value.data<float>().ToArray())];

    private MoeLocalTraining Training(SharedRoles? roles = null) => new(_model, _trainer, 100, roles);
}
