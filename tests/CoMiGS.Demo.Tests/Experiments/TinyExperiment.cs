using CoMiGS.Demo.Events;
using CoMiGS.Experiments;

namespace CoMiGS.Demo.Tests.Experiments;

/// <summary>Two users, a base text and a configuration that take a second or two.</summary>
internal sealed class TinyExperiment : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TinyExperiment()
    {
        foreach (var (user, text) in new[] { ("user0", "Es war einmal ein König.\n"), ("user1", "Il était une fois un roi.\n") })
        {
            foreach (var split in new[] { "train", "valid", "test" })
            {
                _folder.WithFile(string.Concat(Enumerable.Repeat(text, 20)), "tales", user, $"{split}.txt");
            }
        }

        _folder.WithFile(string.Concat(Enumerable.Repeat("Once upon a time there was a king.\n", 20)), "base.txt");
    }

    public string Config => _folder.Of("config.json");

    public string Cache => _folder.Of("cache");

    public string Folder => _folder.Path;

    public string ConfigWith(string methods, string seeds = "[1, 2]", int rounds = 2, int localSteps = 2)
    {
        var json = $$"""
            {
              "title": "Tales & kings",
              "data": [ { "folder": "tales" } ],
              "methods": {{methods}},
              "seeds": {{seeds}},
              "budget": { "rounds": {{rounds}}, "local_steps": {{localSteps}}, "batch_size": 2, "router_every": 2, "router_steps": 1 },
              "base": { "text": "base.txt", "layers": 1, "width": 16, "heads": 2, "window": 32, "steps": 3, "batch_size": 2, "warm_up_steps": 1 },
            }
            """;
        return _folder.WithFile(json, "config.json");
    }

    public string Out(string name) => _folder.Of("out", name);

    public string[] Lines(string name) => File.ReadAllLines(Path.Combine(Out(name), ExperimentProgram.Results));

    public async Task<IReadOnlyList<DemoEvent>> RunAsync(string name, string? page = null, bool reportOnly = false, bool smoke = false)
    {
        var events = new Events();
        await ExperimentProgram.RunAsync(new ExperimentOptions(Config, Folder, Out(name), Cache, 2, smoke, page, reportOnly), events, CancellationToken.None);
        return events.All;
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Events : IProgress<DemoEvent>
    {
        private readonly Lock _lock = new();

        public List<DemoEvent> All { get; } = [];

        public void Report(DemoEvent value)
        {
            lock (_lock)
            {
                All.Add(value);
            }
        }
    }
}
