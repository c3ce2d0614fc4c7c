using CoMiGS.BringYourOwnModel;

Walkthrough.Run(steps: 300, args.FirstOrDefault() ?? Path.Combine("artifacts", "bring-your-own-model"), Console.WriteLine);
