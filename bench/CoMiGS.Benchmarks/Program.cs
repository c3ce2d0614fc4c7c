using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// Without arguments: all benchmarks. --smoke: each once, to see that it runs. BenchmarkDotNet's own options apply: --filter *Experts*, --list flat, --job short.
const string Smoke = "--smoke";
string[] options = [.. args.Where(argument => argument != Smoke)];
var config = args.Contains(Smoke)
    ? ManualConfig.Create(DefaultConfig.Instance)
        .AddJob(Job.Dry.WithToolchain(InProcessEmitToolchain.Instance).WithId(Smoke))
        .AddFilter(new SimpleFilter(benchmark => benchmark.Job.Id == Smoke)) // not the jobs that the classes ask for
    : null;
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(options.Length == 0 ? ["--filter", "*"] : options, config);
