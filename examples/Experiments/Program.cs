using CoMiGS.Demo.CommandLine;
using CoMiGS.Experiments;

return await new ExperimentCommand((options, cancellation) => CommandGuard.RunAsync(() => ExperimentProgram.RunAsync(options, cancellation), Console.Error, cancellation))
    .InvokeAsync(args, Console.Error);
