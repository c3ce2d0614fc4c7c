using CoMiGS.Demo.CommandLine;
using CoMiGS.OutOfDistribution;

return await new StudyCommand((options, cancellation) => CommandGuard.RunAsync(() => StudyProgram.RunAsync(options, Console.Out, cancellation), Console.Error, cancellation))
    .InvokeAsync(args, Console.Error);
