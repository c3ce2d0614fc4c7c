using CoMiGS.Demo.CommandLine;
using CoMiGS.DeviceHost;

const string stopped = "Stopped. Started again with the same --folder, the device goes on where it was.";
return await new DeviceCommand((settings, stop) => CommandGuard.RunAsync(() => DeviceProgram.RunAsync(settings, stop), Console.Error, stop, stopped)).InvokeAsync(args, Console.Error);
