using System.Globalization;

namespace Sweep.Grains.Specs.Expectations;

/// <summary>
/// Reads a <see cref="Condition"/>:
/// <code>
/// is       = [ "x" ] relation number  |  "|" "x" "|" relation number
///          | side relation [ number ] side                 b &lt; a, b &lt;= 0.5 a
///          | change relation number                        b - a &gt;= 1.5, ln(b / a) &gt;= 0.1
///          | "|" change "|" relation number                |b - a| &lt;= 0.001
///          | side "/" side relation number                 b / a &lt;= 0.3
/// change   = side "-" side  |  "ln" "(" side "/" side ")"
/// side     = "a" | "b", the other one the second time
/// relation = "&lt;" | "&lt;=" | "&gt;" | "&gt;="
/// </code>
/// Spaces between words mean nothing.
/// </summary>
public static class ConditionReader
{
    /// <summary>The forms without a comparison, for messages.</summary>
    public const string SingleForms = "\"<= 20\", \"> 80\", \"|x| <= 0.25\" and the like, with <, <=, > or >=";

    /// <summary>The forms with one.</summary>
    public const string PairForms =
        "\"b < a\", \"b <= 0.5 a\", \"b - a >= 1.5\", \"|b - a| <= 0.001\", \"b / a <= 0.3\", \"ln(b / a) >= 0.1\" and the like, with <, <=, > or >=";

    /// <summary>
    /// The condition; null when the text is none. <paramref name="problem"/> then says why, or is empty where there is nothing particular to say.
    /// </summary>
    public static Condition? Read(string text, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = new Words(text);
        Condition? read = Whole(words);
        problem = words.Problem;
        return problem.Length > 0 ? null : read;
    }

    private static Condition? Whole(Words words)
    {
        bool bars = words.Take("|");
        (Quantity quantity, bool swapped, bool lone)? what = Judged(words, bars);
        if (what is not { } judged || (bars && !words.Take("|")) || Relate(words) is not { } relation)
            return null;
        double? number = words.TakeNumber();
        if (judged.lone)
        {
            words.Take("*");
            if (!words.Take(judged.swapped ? "b" : "a"))
                return words.Take(judged.swapped ? "a" : "b") ? words.Wrong("both sides are the same") : null;
            return End(words, new Condition
            {
                Quantity = number is null ? Quantity.Difference : Quantity.Multiple, Relation = relation, Bound = number ?? 0, Swapped = judged.swapped,
            });
        }

        if (number is not { } bound)
            return null;
        if (bars && !(bound > 0))
            return words.Wrong("what stands in bars is never below 0, so its bound must be above 0");
        return End(words, new Condition { Quantity = judged.quantity, Relation = relation, Bound = bound, Swapped = judged.swapped, Absolute = bars });
    }

    private static Condition? End(Words words, Condition read) => words.AtEnd ? read : null;

    /// <summary>The left-hand side; <c>Lone</c> where it is one side alone, as in <c>b &lt; a</c>.</summary>
    private static (Quantity Quantity, bool Swapped, bool Lone)? Judged(Words words, bool bars)
    {
        if (words.Take("ln"))
            return words.Take("(") && Sides(words, "/") is { } swapped && words.Take(")") ? (Quantity.LogRatio, swapped, false) : null;
        if (words.Take("x") || (!bars && words.AtRelation))
            return (Quantity.Value, false, false);
        foreach (string side in new[] { "a", "b" })
        {
            if (!words.Take(side))
                continue;
            bool first = side is "a";
            string other = first ? "b" : "a";
            bool minus = words.Take("-");
            if (!minus && (bars || !words.Take("/")))
                return bars ? null : (Quantity.Difference, first, true);
            if (!words.Take(other))
                return words.Take(side) ? Same(words) : null;
            return (minus ? Quantity.Difference : Quantity.Ratio, first, false);
        }

        return null;
    }

    /// <summary>Both sides with a sign between them; true for a before b.</summary>
    private static bool? Sides(Words words, string sign)
    {
        bool first = words.Take("a");
        if ((!first && !words.Take("b")) || !words.Take(sign))
            return null;
        if (words.Take(first ? "b" : "a"))
            return first;
        if (words.Take(first ? "a" : "b"))
            Same(words);
        return null;
    }

    private static (Quantity Quantity, bool Swapped, bool Lone)? Same(Words words)
    {
        words.Wrong("both sides are the same");
        return null;
    }

    private static Relation? Relate(Words words)
    {
        if (words.Take("<=") || words.Take("≤"))
            return Relation.AtMost;
        if (words.Take(">=") || words.Take("≥"))
            return Relation.AtLeast;
        if (words.Take("<"))
            return Relation.Less;
        if (words.Take(">"))
            return Relation.More;
        if (words.Take("="))
            words.Wrong("replicates never show that two numbers are equal; say how near, as in |x| <= 0.01");
        return null;
    }

    /// <summary>What is left to read.</summary>
    private sealed class Words(string text)
    {
        private int _at;

        public string Problem { get; private set; } = "";

        public bool AtEnd => Rest().Length == 0;

        public bool AtRelation => Rest() is ['<' or '>' or '=' or '≤' or '≥', ..];

        public bool Take(string word)
        {
            if (!Rest().StartsWith(word, StringComparison.Ordinal))
                return false;
            // A letter that goes on is another word.
            if (char.IsAsciiLetter(word[0]) && Rest().Length > word.Length && char.IsAsciiLetterOrDigit(Rest()[word.Length]))
                return false;
            _at += word.Length;
            return true;
        }

        /// <summary>A finite decimal number with an optional sign; null when none stands here.</summary>
        public double? TakeNumber()
        {
            ReadOnlySpan<char> rest = Rest();
            int end = rest is ['-' or '+', ..] ? 1 : 0;
            while (end < rest.Length && (char.IsAsciiDigit(rest[end]) || rest[end] == '.'))
                end++;
            if (end < rest.Length && rest[end] is 'e' or 'E')
            {
                int exponent = end + 1 + (end + 1 < rest.Length && rest[end + 1] is '-' or '+' ? 1 : 0);
                while (exponent < rest.Length && char.IsAsciiDigit(rest[exponent]))
                    end = ++exponent;
            }

            if (!double.TryParse(rest[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
                return null;
            _at += end;
            if (!double.IsFinite(number))
                Wrong("the number is not finite");
            // Minus zero is zero.
            return number == 0 ? 0 : number;
        }

        public Condition? Wrong(string problem)
        {
            Problem = problem;
            return null;
        }

        private ReadOnlySpan<char> Rest()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
                _at++;
            return text.AsSpan(_at);
        }
    }
}
