using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Checkpoints;
using CoMiGS.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Layers;

public sealed class BaseMergeTests : IDisposable
{
    private static readonly long[] Ids = [.. Enumerable.Range(0, Tiny.Window).Select(i => (long)((i * 41) % 256))];

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<ExpertOptions> OneExpert() =>
    [
        new() { Specialists = 0 },
        new() { Specialists = 0, AttentionRank = 0, Scaling = LoraScaling.Classic, Alpha = 3 },
        new() { Generalists = 0, Specialists = 1, Rank = 2, AttentionRank = 5 },
    ];

    [Theory]
    [MemberData(nameof(OneExpert))]
    public void A_single_expert_and_its_attention_adapters_go_into_the_weights(ExpertOptions options)
    {
        var moe = Random(options);
        var expected = Output(moe.Model);
        var names = Tiny.Gpt().named_parameters().Select(p => p.name).ToList();

        using var merged = moe.MergeIntoBase();

        (Output(merged) - expected).abs().max().ToDouble().Should().BeLessThan(1e-5);
        merged.named_parameters().Select(p => p.name).Should().Equal(names);
        merged.modules().Should().NotContain(m => m is IAdapted);
    }

    [Fact]
    public void Every_weight_gets_its_update_exactly_once()
    {
        var moe = Random(new() { Specialists = 0 });
        using var bare = Tiny.Gpt();
        using var noGrad = no_grad();
        var updates = moe.AdapterGroups().SelectMany(g => g.Adapters).ToDictionary(a => $"{a.Path}.weight", a => a.Adapter.call(eye(a.Adapter.A.shape[1])).t()); // s B A

        using var merged = moe.MergeIntoBase();

        var before = bare.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        foreach (var (name, after) in merged.named_parameters())
        {
            (after - before[name] - (updates.TryGetValue(name, out var update) ? update : zeros_like(after))).abs().max().ToDouble().Should().BeLessThan(1e-6, name);
        }

        updates.Should().HaveCount(8);
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e-12)]
    [InlineData(ScalarType.BFloat16, 0.02)]
    public void A_base_of_another_type_keeps_its_type(ScalarType type, double tolerance)
    {
        var moe = Random(new() { Specialists = 0 });

        var wanted = moe.AdapterGroups()[0].Adapters[0];
        var linear = moe.Model.named_modules().Single(m => m.name == "h.0.mlp.base_layer.c_fc").module;
        using var noGrad = no_grad();
        linear.to(type);
        var weight = ((TorchSharp.Modules.Linear)linear).weight!;
        var expected = weight.to(ScalarType.Float64) + (wanted.Adapter.B.to(ScalarType.Float64).mm(wanted.Adapter.A.to(ScalarType.Float64)) * wanted.Adapter.Config.Factor);

        using var merged = moe.MergeIntoBase();

        var after = merged.named_parameters().Single(p => p.name == "h.0.mlp.c_fc.weight").parameter;
        after.dtype.Should().Be(type);
        (after.to(ScalarType.Float64) - expected).abs().max().ToDouble().Should().BeLessThan(tolerance);
    }

    [Fact]
    public void Several_experts_are_refused_with_every_block_and_nothing_is_changed()
    {
        using var routed = Random(new() { AttentionRank = 0 });
        using var mean = Random(new() { Router = RouterKind.Mean, AttentionRank = 0 });
        var before = Output(routed.Model);

        routed.Invoking(m => m.MergeIntoBase()).Should().Throw<InvalidOperationException>()
            .WithMessage("*'h.0.mlp' has a router that weighs 2 experts anew for every token*").WithMessage("*'h.1.mlp'*");
        mean.Invoking(m => m.MergeIntoBase()).Should().Throw<InvalidOperationException>().WithMessage("*'h.1.mlp' takes the mean of 2 experts behind their activations*");

        Output(routed.Model).equal(before).all().ToBoolean().Should().BeTrue();
    }

    [Fact]
    public void A_plain_mean_beside_single_layers_goes_into_the_weights_and_a_routed_mix_does_not()
    {
        var mean = new Foreign().AddExperts(new() { Specialists = 2, Router = RouterKind.Mean, TargetModules = ["q_proj", "fc2"], AttentionRank = 0 });
        PeftLayoutTests.Randomise(mean);
        using var routed = new Foreign().AddExperts(new() { TargetModules = ["q_proj", "fc2"], AttentionRank = 0 });
        var expected = Output(mean.Model);

        using var merged = mean.MergeIntoBase();

        (Output(merged) - expected).abs().max().ToDouble().Should().BeLessThan(1e-5);
        routed.Invoking(m => m.MergeIntoBase()).Should().Throw<InvalidOperationException>().WithMessage("*'layers.0.q_proj' has a router*").WithMessage("*'layers.1.mlp.fc2' has a router*");
    }

    [Fact]
    public void An_update_that_is_not_finite_is_refused_and_no_other_is_merged()
    {
        using var moe = Random(new() { Specialists = 0 });
        var last = moe.AdapterGroups().SelectMany(g => g.Adapters).Last();
        using (no_grad())
        {
            last.Adapter.B.fill_(float.PositiveInfinity);
        }

        var before = Base(moe);

        moe.Invoking(m => m.MergeIntoBase()).Should().Throw<InvalidOperationException>().WithMessage($"*'{last.Path}' would hold values that are not finite*");
        Base(moe).Should().Equal(before);
    }

    [Fact]
    public void A_weight_that_serves_twice_is_refused()
    {
        using var model = new Shared();
        using var moe = model.AddStaticAdapters([("first", new LoraConfig(2))]);

        moe.Invoking(m => m.MergeIntoBase()).Should().Throw<InvalidOperationException>().WithMessage("*The weight of 'first' is used in first, second*");
    }

    [Fact]
    public void The_merged_base_is_another_base()
    {
        var moe = Random(new() { Specialists = 0 });
        var old = moe.BaseFingerprint;
        var folder = Directory.CreateTempSubdirectory("comigs").FullName;
        moe.Save(folder);

        using var anew = moe.MergeIntoBase().AddExperts(new() { Specialists = 0 });

        anew.BaseFingerprint.Should().NotBe(old);
        anew.Invoking(m => m.Load(folder)).Should().Throw<InvalidDataException>().WithMessage("*base_fingerprint*");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_handle_is_of_no_use_afterwards_and_requests_keep_the_experts_where_they_are()
    {
        var moe = Random(new() { Specialists = 0 });
        using (moe.Serve())
        {
            moe.Invoking(m => m.MergeIntoBase()).Should().Throw<InvalidOperationException>().WithMessage("*Requests are being served*");
        }

        using var merged = moe.MergeIntoBase();

        moe.Invoking(m => m.MergeIntoBase()).Should().Throw<ObjectDisposedException>();
    }

    public void Dispose() => _scope.Dispose();

    private static MoeModel Random(ExpertOptions options)
    {
        var moe = Tiny.Moe(options);
        PeftLayoutTests.Randomise(moe);
        return moe;
    }

    private static Tensor Output(nn.Module<Tensor, Tensor> model)
    {
        using var noGrad = no_grad();
        return model.call(tensor(Ids, [1, Ids.Length]));
    }

    private static List<float> Base(MoeModel moe) => [.. moe.Model.named_parameters().Where(p => !p.parameter.requires_grad).SelectMany(p => p.parameter.data<float>().ToArray())];

    /// <summary>Two layers with one weight.</summary>
    private sealed class Shared : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Linear first = nn.Linear(4, 4);
        private readonly TorchSharp.Modules.Linear second;

        public Shared()
            : base(nameof(Shared))
        {
            second = nn.Linear(first.weight!);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => second.call(first.call(input));
    }
}
