using CoMiGS.FederationTrial;

return await TrialCommand.Of(Console.Out, Console.Error).InvokeAsync(args, Console.Error);
