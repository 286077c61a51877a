using System.Globalization;

namespace Sweep.Grains.Comparison.Report;

/// <summary>Numbers as people read them: with the digits that their interval supports, from a million on as <c>8.32e6</c>.</summary>
public static class Figures
{
    private const int MaxDecimals = 6;

    private const double Plain = 1e6;

    /// <summary>
    /// <c>1.44 [1.38, 1.50]</c>: two significant digits of the interval's half-width; the number alone without an interval or with one of no width.
    /// </summary>
    public static string Interval(double mean, double? low, double? high) => low is { } l && high is { } h && h > l
        ? Math.Max(Math.Abs(l), Math.Abs(h)) >= Plain
            ? $"{Scientific(mean, h - l)} [{Scientific(l, h - l)}, {Scientific(h, h - l)}]"
            : $"{Fixed(mean, Decimals(h - l))} [{Fixed(l, Decimals(h - l))}, {Fixed(h, Decimals(h - l))}]"
        : Number(mean);

    /// <summary>A lone number: whole as it is, else three significant digits.</summary>
    public static string Number(double value) => Fixed(value, value == Math.Round(value) ? 0 : Clamp(2 - Exponent(value)));

    /// <summary>A smallest and a largest number with the same decimals: <c>0.21 to 1.44</c>; one number when they read the same.</summary>
    public static string Range(double low, double high)
    {
        int decimals = Math.Max(low, high) == 0 && low == 0 ? 0 : Clamp(1 - Exponent(Math.Max(Math.Abs(low), Math.Abs(high))) + 1);
        string from = Fixed(low, decimals), to = Fixed(high, decimals);
        return string.Equals(from, to, StringComparison.Ordinal) ? from : $"{from} to {to}";
    }

    /// <summary>Two significant digits rounded up, for "within" and "at most": <c>0.079</c> for 0.0786.</summary>
    public static string AtMost(double value)
    {
        if (value <= 0)
            return "0";
        int decimals = Clamp(1 - Exponent(value));
        double scale = Math.Pow(10, decimals);
        // What is a rounding error above a round number stays there.
        double rounded = Math.Ceiling((value * scale) - 1e-9) / scale;
        return rounded.ToString("0.######", CultureInfo.InvariantCulture);
    }

    /// <summary>Four decimals, and no pretence below them.</summary>
    public static string P(double? p) => p switch
    {
        null => "-",
        < 0.0001 => "<0.0001",
        _ => Fixed(p.Value, 4),
    };

    private static int Decimals(double width) => Clamp(1 - Exponent(width / 2));

    private static int Exponent(double value) => (int)Math.Floor(Math.Log10(Math.Abs(value)));

    private static int Clamp(int decimals) => Math.Clamp(decimals, 0, MaxDecimals);

    private static string Fixed(double value, int decimals)
    {
        if (Math.Abs(value) >= Plain)
            return Mantissa(value, 2);
        string text = value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
        return text.AsSpan().TrimStart('-').ContainsAnyExcept('0', '.') ? text : text.TrimStart('-');
    }

    /// <summary>With two digits of half a width, and three at the most.</summary>
    private static string Scientific(double value, double width) =>
        Math.Abs(value) >= Plain || (width >= 2 * Plain && value != 0) ? Mantissa(value, Math.Clamp(Exponent(value) - Exponent(width / 2) + 1, 1, 2))
            : Fixed(value, Decimals(width));

    /// <summary>Rounding may reach the next power of ten, which the framework's format takes care of.</summary>
    private static string Mantissa(double value, int decimals) =>
        value.ToString(decimals == 1 ? "0.0e0" : "0.00e0", CultureInfo.InvariantCulture);
}
