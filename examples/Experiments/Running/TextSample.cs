using System.Text;
using CoMiGS.Demo.Text;

namespace CoMiGS.Experiments.Running;

/// <summary>A part of a text that has something of all its parts.</summary>
internal static class TextSample
{
    /// <summary>Lines at even distances, about as many as fit into <paramref name="bytes"/>; the whole text where it is shorter.</summary>
    public static string Of(string text, int bytes)
    {
        var all = Encoding.UTF8.GetByteCount(text);
        if (all <= bytes)
        {
            return text;
        }

        var step = (all + bytes - 1) / bytes;
        var sample = string.Join('\n', text.Split('\n').Where((_, line) => line % step == 0));
        return TextSplitter.Beginning(2 * Encoding.UTF8.GetByteCount(sample) < bytes ? text : sample, bytes); // lines of very unlike lengths
    }
}
