using System.Globalization;
using System.Text;

namespace Sweep.Client.Terminal;

/// <summary>Text for a terminal: names from specs are untrusted and lose their control characters.</summary>
internal static class Words
{
    /// <param name="lines">Whether line feeds stay.</param>
    public static string Clean(string text, bool lines = false)
    {
        if (!text.Any(char.IsControl))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (char c in text)
            clean.Append(char.IsControl(c) && !(lines && c == '\n') ? '\uFFFD' : c);
        return clean.ToString();
    }

    /// <summary>3 s, 4 min 5 s, 2 h 10 min.</summary>
    public static string Duration(TimeSpan duration)
    {
        if (duration < TimeSpan.Zero)
            duration = TimeSpan.Zero;
        if (duration.TotalSeconds < 59.5)
            return $"{Math.Round(duration.TotalSeconds).ToString(CultureInfo.InvariantCulture)} s";
        if (duration.TotalMinutes < 60)
            return $"{(int)duration.TotalMinutes} min {duration.Seconds} s";
        return duration.TotalHours < 48
            ? $"{(int)duration.TotalHours} h {duration.Minutes} min"
            : $"{(int)duration.TotalDays} d {duration.Hours} h";
    }

    /// <summary>A number with four significant digits.</summary>
    public static string Number(double? value) =>
        value is not { } v ? "–" : v.ToString(Math.Abs(v) is >= 1e5 or (< 1e-3 and > 0) ? "0.###e0" : "0.####", CultureInfo.InvariantCulture);

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
