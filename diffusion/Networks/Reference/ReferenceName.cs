using System.Globalization;

namespace Sweep.Diffusion.Networks.Reference;

/// <summary>
/// A reference denoiser as diagnostics name it: a kind of <see cref="ReferenceKinds"/>, or a fitted one whose covariances are held down, as full ones overfit
/// where points are few beside d (d + 1) / 2: <c>gaussian-rank-8</c>, <c>gaussian-shrunk</c>, <c>mixture-10</c>, <c>mixture-10-rank-8</c>. Names are part of
/// stored curves and specs, so each reference has one spelling.
/// </summary>
/// <param name="Kind">One of <see cref="ReferenceKinds.Names"/>.</param>
/// <param name="Components">Of a mixture, Gaussians; null where the name leaves their number to others.</param>
/// <param name="Rank">Principal directions of each covariance that keep their variance, the rest having one between them; null for full covariances.</param>
/// <param name="Shrunk">True for a covariance shrunk towards the identity (<see cref="Shrinkage"/>).</param>
public sealed record ReferenceName(string Kind, int? Components = null, int? Rank = null, bool Shrunk = false)
{
    /// <summary>Gaussians of a mixture at most.</summary>
    public const int MaxComponents = 4096;

    /// <summary>The rank at most that a name may have, whatever the data's dimensions.</summary>
    public const int MaxRank = 1023;

    private const string RankWord = "rank", ShrunkWord = "shrunk";

    /// <summary>The names beyond <see cref="ReferenceKinds.Names"/>, in words.</summary>
    public static IReadOnlyList<string> Forms { get; } = ["gaussian-rank-R", "gaussian-shrunk", "mixture-K", "mixture-K-rank-R"];

    /// <summary>Null when nothing is called so.</summary>
    public static ReferenceName? Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (ReferenceKinds.Has(text))
            return new ReferenceName(text);
        return text.Split('-') switch
        {
            [ReferenceKinds.Gaussian, RankWord, var r] when Number(r, MaxRank) is { } rank => new ReferenceName(ReferenceKinds.Gaussian, Rank: rank),
            [ReferenceKinds.Gaussian, ShrunkWord] => new ReferenceName(ReferenceKinds.Gaussian, Shrunk: true),
            [ReferenceKinds.Mixture, var k] when Number(k, MaxComponents) is { } components => new ReferenceName(ReferenceKinds.Mixture, components),
            [ReferenceKinds.Mixture, var k, RankWord, var r] when Number(k, MaxComponents) is { } components && Number(r, MaxRank) is { } rank =>
                new ReferenceName(ReferenceKinds.Mixture, components, rank),
            _ => null,
        };
    }

    /// <summary>Kinds in their own order, then by components and rank.</summary>
    public static IEnumerable<string> InOrder(IEnumerable<string> names, IReadOnlyList<string> kinds)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Distinct(StringComparer.Ordinal).Select(n => (Name: n, Of: Find(n)))
            .OrderBy(r => r.Of is { Components: null, Rank: null, Shrunk: false } ? 0 : 1)
            .ThenBy(r => kinds.ToList().IndexOf(r.Of?.Kind ?? ""))
            .ThenBy(r => r.Of?.Components ?? 0).ThenBy(r => r.Of?.Rank ?? 0).ThenBy(r => r.Name, StringComparer.Ordinal)
            .Select(r => r.Name);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kind}{(Components is { } k ? $"-{k}" : "")}{(Rank is { } r ? $"-{RankWord}-{r}" : "")}{(Shrunk ? $"-{ShrunkWord}" : "")}");

    /// <summary>A whole number from 1, written plainly.</summary>
    private static int? Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most && text[0] != '0' ? number : null;
}
