using CoMiGS.Layers;
using CoMiGS.Tests.Models;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

public sealed class SwapTests : IDisposable
{
    private static readonly long[] Ids = [.. Enumerable.Range(0, Tiny.Window).Select(i => (long)((i * 37) % 256))];

    private readonly string _root = Directory.CreateTempSubdirectory("comigs").FullName;

    private string Old => Path.Combine(_root, "old");

    private string New => Path.Combine(_root, "new");

    [Fact]
    public async Task Every_request_among_swaps_sees_one_set_of_experts_from_its_first_pass_to_its_last()
    {
        using var moe = Served();
        var (before, after) = (Output(moe, Old), Output(moe, New));
        before.Should().NotEqual(after);
        moe.Load(Old);
        var tensors = LiveTensors.Count();
        using var stop = new CancellationTokenSource();

        var requests = Enumerable.Range(0, 4).Select(i => Task.Run(() => Requests(moe, asynchronous: i % 2 == 0, stop.Token))).ToList();
        for (var i = 0; i < 40; i++)
        {
            await moe.SwapAsync(i % 2 == 0 ? New : Old);
        }

        await stop.CancelAsync();
        var seen = (await Task.WhenAll(requests)).SelectMany(r => r).ToList();

        seen.Should().HaveCountGreaterThan(40).And.OnlyContain(request => request.All(o => o.SequenceEqual(before)) || request.All(o => o.SequenceEqual(after)));
        seen.Should().Contain(request => request[0].SequenceEqual(before)).And.Contain(request => request[0].SequenceEqual(after));
        Tensor.TotalCount.Should().Be(tensors);
    }

    [Fact]
    public async Task A_swap_waits_for_the_requests_before_it_and_those_after_it_wait_for_the_swap()
    {
        using var moe = Served();
        moe.Load(Old);
        var first = moe.Serve();
        var second = await moe.ServeAsync();

        var swap = moe.SwapAsync(New);
        first.Dispose();
        first.Dispose(); // a second time must not count for the other request
        var third = moe.ServeAsync();
        while (third.IsCompleted) // the swap is still reading its files
        {
            (await third).Dispose();
            third = moe.ServeAsync();
        }

        swap.IsCompleted.Should().BeFalse("the second request is still under way");
        var old = Forward(moe);
        second.Dispose();
        await swap;
        using var served = await third;

        Forward(moe).Should().NotEqual(old);
    }

    [Fact]
    public async Task What_is_saved_among_swaps_is_one_set_of_experts()
    {
        using var moe = Served();
        using var stop = new CancellationTokenSource();
        var swaps = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await moe.SwapAsync(i % 2 == 0 ? Old : New, CancellationToken.None);
            }
        });

        string[] experts = ["generalist-0", "specialist-0", "attention"];
        for (var i = 0; i < 20; i++)
        {
            var saved = Path.Combine(_root, "saved");
            moe.Save(saved);
            experts.Select(e => Weights(saved, e).SequenceEqual(Weights(Old, e))).Distinct().Should().ContainSingle();
        }

        await stop.CancelAsync();
        await swaps;
    }

    [Fact]
    public async Task A_swap_that_is_given_up_leaves_the_old_experts_and_an_open_door()
    {
        using var moe = Served();
        moe.Load(Old);
        var old = PeftLayoutTests.Values(moe);
        using var cancel = new CancellationTokenSource();
        using (await moe.ServeAsync())
        {
            var swap = moe.SwapAsync(New, cancel.Token);
            await cancel.CancelAsync();
            await swap.Invoking(s => s).Should().ThrowAsync<OperationCanceledException>();
        }

        PeftLayoutTests.Values(moe).Should().Equal(old);
        await moe.SwapAsync(New);
        PeftLayoutTests.Values(moe).Should().NotEqual(old);
    }

    [Fact]
    public async Task A_damaged_folder_leaves_the_old_experts_serving()
    {
        using var moe = Served();
        moe.Load(Old);
        var (old, tensors) = (PeftLayoutTests.Values(moe), LiveTensors.Count());
        var file = Path.Combine(New, "specialist-0", "adapter_model.safetensors");
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^3]);
        using var request = moe.Serve();

        await moe.Invoking(m => m.SwapAsync(New)).Should().ThrowAsync<InvalidDataException>(); // without waiting for the request

        PeftLayoutTests.Values(moe).Should().Equal(old);
        Tensor.TotalCount.Should().Be(tensors);
    }

    [Fact]
    public async Task One_expert_alone_can_be_swapped()
    {
        using var moe = Served();
        moe.Load(Old);

        await moe.SwapExpertAsync("specialist-0", Path.Combine(New, "specialist-0"));

        var saved = Path.Combine(_root, "mixed");
        moe.Save(saved);
        Weights(saved, "specialist-0").Should().Equal(Weights(New, "specialist-0"));
        Weights(saved, "generalist-0").Should().Equal(Weights(Old, "generalist-0"));
    }

    [Fact]
    public void What_does_not_wait_is_refused_while_requests_are_served()
    {
        using var moe = Served();
        using (moe.Serve())
        {
            moe.Invoking(m => m.Load(New)).Should().Throw<InvalidOperationException>().WithMessage("*Use SwapAsync*");
            moe.Invoking(m => m.LoadExpert("specialist-0", Path.Combine(New, "specialist-0"))).Should().Throw<InvalidOperationException>();
        }

        moe.Load(New);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private MoeModel Served()
    {
        var moe = Tiny.Moe();
        foreach (var (folder, seed) in new[] { (Old, 1), (New, 2) })
        {
            PeftLayoutTests.Randomise(moe, seed);
            moe.Save(folder);
        }

        moe.Model.eval();
        return moe;
    }

    private static async Task<List<List<float[]>>> Requests(MoeModel moe, bool asynchronous, CancellationToken stop)
    {
        var seen = new List<List<float[]>>();
        while (!stop.IsCancellationRequested)
        {
            using var request = asynchronous ? await moe.ServeAsync(CancellationToken.None) : moe.Serve();
            var outputs = new List<float[]> { Forward(moe) };
            await Task.Yield(); // a request may go on on another thread
            outputs.Add(Forward(moe));
            seen.Add(outputs);
        }

        return seen;
    }

    private static float[] Output(MoeModel moe, string folder)
    {
        moe.Load(folder);
        return Forward(moe);
    }

    private static float[] Forward(MoeModel moe)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return [.. moe.Model.call(tensor(Ids, [1, Ids.Length])).data<float>()];
    }

    private static byte[] Weights(string folder, string expert) => File.ReadAllBytes(Path.Combine(folder, expert, "adapter_model.safetensors"));
}
