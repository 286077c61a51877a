using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sweep.Diffusion.Text;

/// <summary>Writes names as YAML's flow style (<c>[a, "b: c"]</c>) reads them, for messages that say what to put into a spec.</summary>
public static partial class YamlFlow
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>In quotes where YAML would read something else, or nothing.</summary>
    public static string Name(string name) => PlainPattern().IsMatch(name) && !WordPattern().IsMatch(name) ? name : JsonSerializer.Serialize(name, Readable);

    /// <summary>Letters, digits and what else has no meaning there, without blanks at the ends; whole numbers are names of columns without one.</summary>
    [GeneratedRegex(@"^(0|[1-9]\d{0,8}|[\p{L}_]([\p{L}\p{M}\p{N}_./() %-]*[\p{L}\p{M}\p{N}_/()%-])?)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PlainPattern();

    [GeneratedRegex("^(true|false|null)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WordPattern();
}
