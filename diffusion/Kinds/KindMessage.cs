using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Sweep.Diffusion.Kinds;

/// <summary>
/// An interpolated message that remembers which parts were inserted, so that it can be shown without them: names and values in a message about a data file may
/// be the file's content. Integers are counts and line numbers, and stay.
/// </summary>
[InterpolatedStringHandler]
public sealed class KindMessage
{
    private const string Hidden = "…";

    private readonly List<(string Text, bool MayBeContent)> _parts;

    public KindMessage(int literalLength, int formattedCount) => _parts = new(2 * formattedCount + 1);

    public void AppendLiteral(string value) => _parts.Add((value, false));

    public void AppendFormatted(int value) => Append(value.ToString(CultureInfo.InvariantCulture), mayBeContent: false);

    public void AppendFormatted(long value) => Append(value.ToString(CultureInfo.InvariantCulture), mayBeContent: false);

    public void AppendFormatted(Int128 value) => Append(value.ToString(CultureInfo.InvariantCulture), mayBeContent: false);

    public void AppendFormatted<T>(T value) => AppendFormatted(value, null);

    public void AppendFormatted<T>(T value, string? format) =>
        Append(value is IFormattable number ? number.ToString(format, CultureInfo.InvariantCulture) : value?.ToString() ?? "", mayBeContent: true);

    /// <summary>The whole message.</summary>
    public override string ToString() => string.Concat(_parts.Select(p => p.Text));

    /// <summary>The message with inserted parts elided, except integers and texts that the caller knows anyway.</summary>
    internal string WithoutContent(IReadOnlyCollection<string> known)
    {
        var text = new StringBuilder();
        foreach ((string part, bool mayBeContent) in _parts)
            text.Append(mayBeContent && !known.Contains(part, StringComparer.Ordinal) ? Hidden : part);
        return text.ToString();
    }

    private void Append(string text, bool mayBeContent) => _parts.Add((text, mayBeContent));
}
