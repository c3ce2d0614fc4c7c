using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Screen;
using CoMiGS.FineTune;

var redirected = Console.IsOutputRedirected;
var screen = new FineTuneScreen(Screens.Console(redirected), redirected);
return await new FineTuneCommand((options, cancellation) => CommandGuard.RunAsync(() => Task.Run(() => FineTuneProgram.Run(options, screen, cancellation), cancellation), Console.Error, cancellation))
    .InvokeAsync(args, Console.Error);
