using CoMiGS.Demo;
using CoMiGS.Demo.CommandLine;

return await DemoCommandRunner.RunAsync(args, DemoProgram.RunAsync, Console.Error);
