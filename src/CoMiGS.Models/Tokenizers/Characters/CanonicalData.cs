using System.Globalization;

namespace CoMiGS.Models.Tokenizers.Characters;

/// <summary>Canonical decompositions, compositions and combining classes, from <c>Canonical.txt</c>.</summary>
internal sealed class CanonicalData
{
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28;

    private static readonly Lazy<CanonicalData> Loaded = new(() => new());

    private readonly Dictionary<int, int[]> _decompositions = [];
    private readonly Dictionary<(int First, int Second), int> _compositions = [];
    private readonly Dictionary<int, byte> _classes = [];
    private readonly HashSet<int> _changed = [];
    private readonly HashSet<int> _seconds = [];

    private CanonicalData()
    {
        using var resource = typeof(CanonicalData).Assembly.GetManifestResourceStream("CoMiGS.Models.Canonical.txt")!;
        using var reader = new StreamReader(resource);
        while (reader.ReadLine() is { } line)
        {
            Read(line.Split(' '));
        }
    }

    /// <summary>The tables, read when they are first needed.</summary>
    public static CanonicalData Tables => Loaded.Value;

    /// <summary>The canonical combining class; 0 for a starter.</summary>
    public byte CombiningClass(int codePoint) => _classes.GetValueOrDefault(codePoint);

    /// <summary>Whether the composed form has this code point replaced even where it stands alone.</summary>
    public bool Changes(int codePoint) => _changed.Contains(codePoint);

    /// <summary>Whether nothing from this code point on can act on what is before it.</summary>
    public bool StartsAfresh(int codePoint)
    {
        var first = codePoint;
        while (_decompositions.TryGetValue(first, out var parts))
        {
            first = parts[0];
        }

        return CombiningClass(first) == 0 && !_seconds.Contains(first) && first is not (>= VowelBase and < VowelBase + Vowels) and not (> TrailBase and < TrailBase + Trails);
    }

    /// <summary>Adds the full canonical decomposition.</summary>
    public void Decompose(int codePoint, List<int> into)
    {
        var syllable = codePoint - SyllableBase;
        if (syllable is >= 0 and < Leads * Vowels * Trails)
        {
            into.Add(LeadBase + (syllable / (Vowels * Trails)));
            into.Add(VowelBase + (syllable / Trails % Vowels));
            if (syllable % Trails != 0)
            {
                into.Add(TrailBase + (syllable % Trails));
            }
        }
        else if (_decompositions.TryGetValue(codePoint, out var parts))
        {
            foreach (var part in parts)
            {
                Decompose(part, into);
            }
        }
        else
        {
            into.Add(codePoint);
        }
    }

    /// <summary>The composite of two code points, or null.</summary>
    public int? Compose(int first, int second)
    {
        if (first - LeadBase is >= 0 and < Leads && second - VowelBase is >= 0 and < Vowels)
        {
            return SyllableBase + ((((first - LeadBase) * Vowels) + second - VowelBase) * Trails);
        }

        if (first - SyllableBase is >= 0 and < Leads * Vowels * Trails && (first - SyllableBase) % Trails == 0 && second - TrailBase is > 0 and < Trails)
        {
            return first + second - TrailBase;
        }

        return _compositions.TryGetValue((first, second), out var composite) ? composite : null;
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber);

    private void Read(string[] words)
    {
        switch (words[0])
        {
            case "=":
                _decompositions[Hex(words[1])] = [Hex(words[2]), Hex(words[3])];
                _compositions[(Hex(words[2]), Hex(words[3]))] = Hex(words[1]);
                _seconds.Add(Hex(words[3]));
                break;
            case ">":
                _decompositions[Hex(words[1])] = [.. words[2..].Select(Hex)];
                _changed.Add(Hex(words[1]));
                break;
            case "@":
                for (var codePoint = Hex(words[2]); codePoint <= Hex(words[3]); codePoint++)
                {
                    _classes[codePoint] = byte.Parse(words[1]);
                }

                break;
        }
    }
}
