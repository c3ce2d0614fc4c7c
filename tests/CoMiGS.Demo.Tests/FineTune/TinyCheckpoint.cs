using System.Text.Json;
using CoMiGS.Models;
using static TorchSharp.torch;

namespace CoMiGS.Demo.Tests.FineTune;

/// <summary>A random model of GPT-2's or Llama's architecture with a tokenizer of 256 bytes, in Hugging Face's layout.</summary>
internal static class TinyCheckpoint
{
    public static void Write(string folder, bool llama)
    {
        using LanguageModel model = llama
            ? new Llama(new() { VocabularySize = 256, BlockSize = 64, Layers = 1, Heads = 2, KeyValueHeads = 1, Width = 32, HiddenWidth = 32 })
            : new Gpt(new() { VocabularySize = 256, BlockSize = 64, Layers = 1, Heads = 2, Width = 32 });
        using (no_grad())
        {
            foreach (var weight in model.parameters().Where(p => p.dim() == 2))
            {
                weight.mul_(10); // the output head stays frozen: with small weights it could not prefer any token much
            }
        }

        Pretrained.Save(model, folder);
        WriteTokenizer(folder);
    }

    /// <summary>GPT-2's files with no merges: one token a byte, under the printable character that stands for it.</summary>
    public static void WriteTokenizer(string folder)
    {
        var next = 256;
        var ids = new Dictionary<string, int>();
        for (var value = 0; value < 256; value++)
        {
            var printable = value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
            ids[((char)(printable ? value : next++)).ToString()] = value;
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "vocab.json"), JsonSerializer.Serialize(ids));
        File.WriteAllText(Path.Combine(folder, "merges.txt"), "#version: 0.2\n");
    }
}
