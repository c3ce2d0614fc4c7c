namespace CoMiGS.Torch.Tests.Engine;

/// <summary>Makes one tensor and says how that went: started as a process of its own, where no engine has been loaded yet.</summary>
internal static class EngineProgram
{
    public static int Main()
    {
        try
        {
            using var one = torch.ones(1);
            Console.WriteLine(one.item<float>());
            return 0;
        }
        catch (Exception e)
        {
            Console.WriteLine($"{e.GetBaseException().GetType().Name}: {e.Message} {e.InnerException?.Message}");
            return 1;
        }
    }
}
