using System.Text;

namespace CoMiGS.Demo.Text;

/// <summary>The text of one device, cut into the three splits.</summary>
/// <param name="Name">Short and unique, for tables and file names.</param>
/// <param name="About">What the device's user writes about, for people to read.</param>
/// <param name="Train">What the experts learn from.</param>
/// <param name="Valid">What the router learns from.</param>
/// <param name="Test">What the perplexity is measured on; nobody learns from it.</param>
public sealed record UserText(string Name, string About, string Train, string Valid, string Test)
{
    /// <summary>Bytes, which are the tokens, of the training split.</summary>
    public int TrainBytes => Encoding.UTF8.GetByteCount(Train);

    /// <summary>Bytes of the validation split.</summary>
    public int ValidBytes => Encoding.UTF8.GetByteCount(Valid);

    /// <summary>Bytes of the test split.</summary>
    public int TestBytes => Encoding.UTF8.GetByteCount(Test);

    /// <summary>Refuses a split that is shorter than one window and the token after it.</summary>
    /// <exception cref="DemoException">One is; all of them are named.</exception>
    public void RequireWindows(int window)
    {
        var least = window + 1;
        (string Split, int Bytes)[] splits = [("train", TrainBytes), ("valid", ValidBytes), ("test", TestBytes)];
        var tooShort = splits.Where(split => split.Bytes < least).ToList();
        if (tooShort.Count > 0)
        {
            throw new DemoException(
                $"User '{Name}' has too little text: {string.Join(", ", tooShort.Select(split => $"{split.Split} has {split.Bytes} bytes"))}; "
                + $"each split needs at least {least} (one window of {window} and the byte after it). "
                + "Give this user more text, or a larger number in --train-kb.");
        }
    }
}
