using System.Globalization;
using System.Text.RegularExpressions;

namespace Sweep.Diffusion.Metrics;

/// <summary>Samples of which not all coordinates are finite: the sampler or the network diverged.</summary>
/// <param name="Coordinates">Those that are not finite; at least 1.</param>
/// <param name="Total">All of the samples' coordinates.</param>
public readonly partial record struct NonFiniteSamples(int Coordinates, int Total)
{
    /// <summary>Whether not one sample coordinate is finite.</summary>
    public bool All => Coordinates >= Total;

    /// <summary>The reason that a metric of such samples has instead of a value. Part of stored results: never reworded.</summary>
    public string Reason => string.Create(CultureInfo.InvariantCulture, $"{Coordinates} of the samples' {Total} coordinates are not finite");

    /// <summary>Reads what <see cref="Reason"/> wrote; null for any other reason.</summary>
    public static NonFiniteSamples? Read(string? reason) =>
        reason is not null && Written().Match(reason) is { Success: true } match
        && int.TryParse(match.Groups["n"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int coordinates)
        && int.TryParse(match.Groups["of"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int total)
            ? new NonFiniteSamples(coordinates, total)
            : null;

    [GeneratedRegex(@"^(?<n>[0-9]+) of the samples' (?<of>[0-9]+) coordinates are not finite$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Written();
}
