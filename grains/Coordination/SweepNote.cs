using System.Text.Json.Serialization;

namespace Sweep.Grains.Coordination;

/// <summary>What people write about a sweep: a text and tags to find it by. It changes no result and is in no report.</summary>
public sealed record SweepNote
{
    /// <summary>Of the text and of one tag, in UTF-16 code units.</summary>
    public const int MaxText = 2000, MaxTag = 40;

    public const int MaxTags = 16;

    /// <summary>Says nothing: what a sweep has that nobody wrote about.</summary>
    public static SweepNote None { get; } = new();

    public string Text { get; init; } = "";

    public IReadOnlyList<string> Tags { get; init; } = [];

    [JsonIgnore]
    public bool IsEmpty => Text.Length == 0 && Tags.Count == 0;

    /// <summary>A note as it is kept: without blanks at the ends and repeated tags, lines ended by line feeds.</summary>
    /// <exception cref="ArgumentException">It is too long, has too many tags, or characters that it can't have.</exception>
    public static SweepNote Of(string? text, IEnumerable<string?>? tags)
    {
        string words = (text ?? "").ReplaceLineEndings("\n").Trim();
        if (words.Length > MaxText)
            throw new ArgumentException($"text: {words.Length} characters; allowed: at most {MaxText}");
        if (words.Any(c => char.IsControl(c) && c is not ('\n' or '\t')))
            throw new ArgumentException("text: control characters; allowed: letters, blanks and line breaks");
        string[] names = [.. (tags ?? []).Select(t => (t ?? "").Trim()).Where(t => t.Length > 0).Distinct(StringComparer.Ordinal)];
        if (names.Length > MaxTags)
            throw new ArgumentException($"tags: {names.Length}; allowed: at most {MaxTags}");
        foreach (string tag in names)
        {
            if (tag.Length > MaxTag)
                throw new ArgumentException($"tag: {tag.Length} characters; allowed: at most {MaxTag}");
            if (tag.Contains(',', StringComparison.Ordinal) || tag.Any(char.IsControl))
                throw new ArgumentException($"tag: {string.Concat(tag.Where(c => !char.IsControl(c)))}; allowed: no comma and no control characters");
        }

        return new SweepNote { Text = words, Tags = names };
    }

    public bool Equals(SweepNote? other) => other is not null && Text == other.Text && Tags.SequenceEqual(other.Tags, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Text, Tags.Count);
}
