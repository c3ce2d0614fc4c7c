using CoMiGS.Demo.CommandLine;
using CoMiGS.DeviceHost;

return await new DeviceCommand((settings, stop) => CommandGuard.RunAsync(() => DeviceProgram.RunAsync(settings, stop), Console.Error, stop)).InvokeAsync(args, Console.Error);
