using CoMiGS.Federation;
using CoMiGS.Federation.Methods;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using CoMiGS.Transport;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Federation.Methods;

/// <summary>FedProx against its definition, <c>mu/2 ||theta - theta_t||^2</c>, worked out in double precision.</summary>
public sealed class ProximalTermTests : IDisposable
{
    private const double Mu = 0.3;
    private const double Other = 3;
    private readonly MoeModel _model = Tiny.Moe();
    private readonly BilevelTrainer _trainer;
    private readonly ProximalTerm _term;

    public ProximalTermTests()
    {
        _trainer = new BilevelTrainer(_model, Tiny.Data(), new BilevelOptions { Window = Tiny.Window, BatchSize = 2 }) { Penalty = new Constant() };
        _term = new ProximalTerm(new MoeLocalTraining(_model, _trainer, 10), _model, _trainer, Mu);
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _model.Dispose();
    }

    [Fact]
    public void Before_a_round_it_adds_nothing_to_the_penalty_that_was_there()
    {
        using var scope = NewDisposeScope();

        _trainer.Penalty.Should().BeSameAs(_term);
        _term.Compute(_model).ToDouble().Should().Be(Other);
    }

    [Fact]
    public void It_adds_half_of_mu_times_the_squared_distance_from_where_the_round_began()
    {
        using var scope = NewDisposeScope();
        var (start, present) = (Numbers(1), Numbers(2));
        _term.StartsFrom(Plan(), start);
        _term.Import(present);

        var distance = SquaredDistance(start, present);
        _term.Compute(_model).ToDouble().Should().BeApproximately(Other + (Mu / 2 * distance), 1e-5 * distance);
    }

    [Fact]
    public void Its_gradient_is_mu_times_the_way_from_where_the_round_began_and_nothing_where_nothing_is_shared()
    {
        using var scope = NewDisposeScope();
        var (start, present) = (Numbers(1), Numbers(2));
        _term.StartsFrom(Plan(), start);
        _term.Import(present);

        _term.Compute(_model).backward();

        foreach (var parameter in _model.Parameters)
        {
            if (present.TryGet(parameter.Name, out var theta))
            {
                var expected = theta.ToFloats().Zip(start[parameter.Name].ToFloats(), (x, y) => Mu * ((double)x - y));
                var found = parameter.Value.grad!.contiguous().data<float>().ToArray();
                found.Zip(expected, (x, y) => Math.Abs(x - y)).Max().Should().BeLessThan(1e-6, parameter.Name);
            }
            else
            {
                (parameter.Value.grad?.abs().sum().ToDouble() ?? 0).Should().Be(0, parameter.Name);
            }
        }
    }

    [Fact]
    public void Without_a_download_the_round_began_at_what_devices_draw_from_the_seed()
    {
        using var scope = NewDisposeScope();
        _term.StartsFrom(Plan(), null);
        _term.InitialiseShared(Plan().InitialSeed);
        var drawn = _term.Export();
        _term.Compute(_model).ToDouble().Should().Be(Other, "nothing has been trained yet");

        var present = Numbers(2);
        _term.Import(present);

        var distance = SquaredDistance(drawn, present);
        _term.Compute(_model).ToDouble().Should().BeApproximately(Other + (Mu / 2 * distance), 1e-5 * distance);
    }

    private RoundPlan Plan() => new("run", 2, 3, 1, 42, 1, _term.SharedParameters, "base", null);

    private TensorSet Numbers(long seed) => new(_term.SharedParameters.Select(spec =>
    {
        var random = new SeededRandom(new Seed(seed).For(spec.Name));
        return NamedTensor.FromFloats(spec.Name, spec.Shape.AsSpan(), [.. Enumerable.Range(0, (int)spec.ElementCount).Select(_ => (float)((2 * random.NextDouble()) - 1))]);
    }));

    private static double SquaredDistance(TensorSet one, TensorSet other) =>
        one.Sum(tensor => tensor.ToFloats().Zip(other[tensor.Spec.Name].ToFloats(), (x, y) => ((double)x - y) * ((double)x - y)).Sum());

    private sealed class Constant : ITrainingPenalty
    {
        public Tensor Compute(MoeModel model) => tensor((float)Other);
    }
}
