using CoMiGS.CoordinatorHost;
using CoMiGS.Demo.CommandLine;

return await new CoordinatorCommand(
    (settings, stop) => CommandGuard.RunAsync(() => CoordinatorProgram.RunAsync(settings, stop), Console.Error, stop),
    (settings, device, lifetime) => CommandGuard.RunAsync(() => CoordinatorProgram.InviteAsync(settings, device, lifetime, Console.Out), Console.Error, CancellationToken.None))
    .InvokeAsync(args, Console.Error);
