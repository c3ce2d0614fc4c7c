using CoMiGS.Data;
using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Results;
using CoMiGS.Demo.Text;
using CoMiGS.Models;

namespace CoMiGS.Demo.Training;

/// <summary>What all methods of a run have in common.</summary>
/// <param name="Options">What the command line asked for.</param>
/// <param name="Text">The devices' text.</param>
/// <param name="Devices">The devices, in the order of the text's users.</param>
/// <param name="Base">The base model's size.</param>
/// <param name="BaseModel">The trained base model; every device gets a copy.</param>
internal sealed record RunPlan(DemoOptions Options, DemoText Text, IReadOnlyList<DeviceInfo> Devices, BaseModelSettings Base, Gpt BaseModel)
{
    private const int HeldOutBytes = 8_000;

    /// <summary>A device's splits.</summary>
    public DeviceData DataOf(int device)
    {
        var user = Text.Users[device];
        return new DeviceData(
            TextBytes.From(user.Train, $"{user.Name}/train"), TextBytes.From(user.Valid, $"{user.Name}/valid"), TextBytes.From(user.Test, $"{user.Name}/test"));
    }

    /// <summary>The beginning of a device's test text, small enough to be looked at after every round.</summary>
    public ITokenSource HeldOutOf(int device) => TextBytes.From(TextSplitter.Beginning(Text.Users[device].Test, HeldOutBytes), "held out");

    /// <summary>A base model of its own for a device.</summary>
    public Gpt CopyOfBase() => Base.CopyOf(BaseModel);
}
