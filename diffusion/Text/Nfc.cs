using System.Globalization;
using System.Text;

namespace Sweep.Diffusion.Text;

/// <summary>
/// Unicode's normalization form C (UAX #15), by which names are compared: ö as one character and as o with a combining diaeresis are one name. Under
/// InvariantGlobalization the runtime leaves text as it is, so the tables are our own (nfc.txt, written by nfc.py). Thread-safe.
/// </summary>
public static class Nfc
{
    /// <summary>Below it no character combines or decomposes into what isn't composed again.</summary>
    private const char FirstMark = '\u0300';

    // Hangul syllables are composed by arithmetic (The Unicode Standard, section 3.12).
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28, Syllables = Leads * Vowels * Tails;

    private static readonly Lazy<Tables> Data = new(Tables.Read);

    /// <summary>The text in form C. One with unpaired surrogates, which is no Unicode text, stays as it is.</summary>
    public static string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', (char)(FirstMark - 1)))
            return text;
        var codes = new List<int>(text.Length);
        for (int i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i))
                return text;
            Decompose(char.ConvertToUtf32(text, i), codes);
        }

        Order(codes);
        return Compose(codes);
    }

    /// <summary>Whether two names are one.</summary>
    public static bool Same(string a, string b) => string.Equals(Normalize(a), Normalize(b), StringComparison.Ordinal);

    private static void Decompose(int code, List<int> into)
    {
        if (code - SyllableBase is >= 0 and < Syllables and var syllable)
        {
            into.Add(LeadBase + (syllable / (Vowels * Tails)));
            into.Add(VowelBase + (syllable % (Vowels * Tails) / Tails));
            if (syllable % Tails > 0)
                into.Add(TailBase + (syllable % Tails));
        }
        else if (Data.Value.Decompositions.TryGetValue(code, out int[]? parts))
        {
            foreach (int part in parts)
                Decompose(part, into);
        }
        else
        {
            into.Add(code);
        }
    }

    /// <summary>Marks in the order of their classes, those of one class as they stand: by insertion, as there are few in a row.</summary>
    private static void Order(List<int> codes)
    {
        for (int i = 1; i < codes.Count; i++)
        {
            int code = codes[i], kind = Class(code), at = i;
            for (; kind > 0 && at > 0 && Class(codes[at - 1]) > kind; at--)
                codes[at] = codes[at - 1];
            codes[at] = code;
        }
    }

    private static string Compose(List<int> codes)
    {
        var composed = new List<int>(codes.Count);
        int starter = -1, last = 0;
        foreach (int code in codes)
        {
            int kind = Class(code);
            // Blocked by a character of the same class, or by one that isn't a mark, between the starter and this one.
            bool open = starter >= 0 && (composed.Count - 1 == starter || (last < kind && last > 0));
            if (open && Pair(composed[starter], code) is { } whole)
            {
                composed[starter] = whole;
                continue;
            }

            if (kind == 0)
                starter = composed.Count;
            last = kind;
            composed.Add(code);
        }

        var text = new StringBuilder(composed.Count);
        foreach (int code in composed)
            text.Append(char.ConvertFromUtf32(code));
        return text.ToString();
    }

    private static int? Pair(int first, int second)
    {
        if (first - LeadBase is >= 0 and < Leads and var lead && second - VowelBase is >= 0 and < Vowels and var vowel)
            return SyllableBase + (((lead * Vowels) + vowel) * Tails);
        if (first - SyllableBase is >= 0 and < Syllables and var syllable && syllable % Tails == 0 && second - TailBase is > 0 and < Tails and var tail)
            return first + tail;
        return Data.Value.Compositions.TryGetValue((first, second), out int whole) ? whole : null;
    }

    private static int Class(int code) => code < FirstMark ? 0 : Data.Value.Classes.GetValueOrDefault(code);

    /// <param name="Decompositions">One step of a code's canonical decomposition.</param>
    /// <param name="Compositions">The code that two make, without those excluded from composition.</param>
    /// <param name="Classes">Combining classes other than 0.</param>
    private sealed record Tables(Dictionary<int, int[]> Decompositions, Dictionary<(int First, int Second), int> Compositions, Dictionary<int, int> Classes)
    {
        internal static Tables Read()
        {
            using Stream resource = typeof(Nfc).Assembly.GetManifestResourceStream("nfc.txt")
                ?? throw new InvalidOperationException("resource nfc.txt: missing; allowed: embedded in the assembly");
            using var reader = new StreamReader(resource);
            var tables = new Tables([], [], []);
            while (reader.ReadLine() is { } line)
            {
                if (line.StartsWith('#'))
                    continue;
                string[] sides = line.TrimStart('!').Split('=', ':');
                if (line.Contains('=', StringComparison.Ordinal))
                {
                    int code = Code(sides[0]);
                    int[] parts = Array.ConvertAll(sides[1].Split('+'), Code);
                    tables.Decompositions.Add(code, parts);
                    if (line[0] != '!')
                        tables.Compositions.Add((parts[0], parts[1]), code);
                }
                else
                {
                    int[] ends = Array.ConvertAll(sides[0].Split('-'), Code);
                    for (int code = ends[0]; code <= ends[1]; code++)
                        tables.Classes.Add(code, int.Parse(sides[1], CultureInfo.InvariantCulture));
                }
            }

            return tables;
        }

        private static int Code(string hexadecimal) => int.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
