using BenchmarkDotNet.Attributes;
using CoMiGS.Models.Tokenizers;

namespace CoMiGS.Benchmarks;

/// <summary>Four megabytes of English prose on one core, with GPT-2's way to cut text and 32,000 learnt merges: megabytes a second are 4,000 over the milliseconds.</summary>
[InProcess]
[MemoryDiagnoser]
public class TokenizerBenchmarks
{
    private const int Measured = 4_000_000;
    private const int Learnt = 16_000_000;
    private const int Merges = 32_000;

    // Learning takes longer than all that is measured, so it is done once.
    private static readonly Lazy<(string Text, string File)> Prepared = new(Prepare);

    private readonly List<int> tokens = [];
    private string text = null!;
    private int[] encoded = null!;
    private Tokenizer warm = null!;
    private Tokenizer cold = null!;

    [GlobalSetup]
    public void Setup()
    {
        text = Prepared.Value.Text;
        warm = Tokenizer.Load(Prepared.Value.File);
        encoded = warm.Encode(text);
        Console.WriteLine($"// {text.Length} characters, {encoded.Length} tokens, {warm.VocabularySize} in the vocabulary");
    }

    [IterationSetup(Target = nameof(EncodeWithoutKnownWords))]
    public void Forget() => cold = Tokenizer.Load(Prepared.Value.File);

    [Benchmark]
    public void Encode()
    {
        tokens.Clear();
        warm.Encode(text, tokens);
    }

    [Benchmark]
    public void EncodeWithoutKnownWords()
    {
        tokens.Clear();
        cold.Encode(text, tokens);
    }

    [Benchmark]
    public string Decode() => warm.Decode(encoded);

    [Benchmark]
    public Tokenizer Load() => Tokenizer.Load(Prepared.Value.File);

    private static (string Text, string File) Prepare()
    {
        var all = EnglishText.WithMarkup();
        var file = Path.Combine(AppContext.BaseDirectory, "learnt.tokenizer.json");
        LearnedVocabulary.Write(all[..Learnt], Merges, file);
        return (EnglishText.WithoutMarkup(all)[^Measured..], file);
    }
}
