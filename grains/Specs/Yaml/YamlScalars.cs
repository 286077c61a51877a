using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sweep.Grains.Specs.Yaml;

/// <summary>
/// Types plain scalars by YAML 1.2's core schema (section 10.3.2): <c>1e-3</c> is a number, <c>no</c> a string, <c>010</c> ten, <c>0o10</c> and <c>0x8</c>
/// eight.
/// </summary>
internal static partial class YamlScalars
{
    /// <summary>null, or a JSON flag, number (long or double, perhaps not finite) or string.</summary>
    public static JsonNode? Value(YamlText scalar)
    {
        var text = scalar.Text;
        if (!scalar.Plain) return JsonValue.Create(text);
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE":
                return JsonValue.Create(true);
            case "false" or "False" or "FALSE":
                return JsonValue.Create(false);
            case ".nan" or ".NaN" or ".NAN":
                return JsonValue.Create(double.NaN);
        }

        if (Infinity().IsMatch(text)) return JsonValue.Create(text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity);
        if (DecimalInteger().IsMatch(text))
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) ? JsonValue.Create(integer) : Real(text);
        if (Octal().IsMatch(text)) return Based(text[2..], 8);
        if (Hexadecimal().IsMatch(text)) return Based(text[2..], 16);
        return RealNumber().IsMatch(text) ? Real(text) : JsonValue.Create(text);
    }

    public static bool IsNull(YamlNode node) => node is YamlText scalar && Value(scalar) is null;

    // More digits than 64 bits hold are no number that any key allows; NaN makes them an error with their own text.
    private static JsonValue Based(string digits, int radix)
    {
        try
        {
            return JsonValue.Create(Convert.ToInt64(digits, radix));
        }
        catch (OverflowException)
        {
            return JsonValue.Create(double.NaN);
        }
    }

    private static JsonValue Real(string text) =>
        JsonValue.Create(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^[-+]?(\.inf|\.Inf|\.INF)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Infinity();

    [GeneratedRegex(@"^[-+]?[0-9]+$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex DecimalInteger();

    [GeneratedRegex(@"^0o[0-7]+$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Octal();

    [GeneratedRegex(@"^0x[0-9a-fA-F]+$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex RealNumber();
}
