using BenchmarkDotNet.Running;

// Without arguments: all benchmarks. BenchmarkDotNet's own options apply: --filter *Experts*, --list flat, --job short.
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args);
