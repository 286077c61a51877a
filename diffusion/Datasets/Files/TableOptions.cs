namespace Sweep.Diffusion.Datasets.Files;

/// <summary>How a table is read from a file; each option means something for some formats only.</summary>
internal sealed record TableOptions
{
    internal static TableOptions Default { get; } = new();

    /// <summary>Names of the columns, in the order wanted; null for all.</summary>
    internal IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Names of the columns that are left out; null for none. Not beside <see cref="Columns"/>.</summary>
    internal IReadOnlyList<string>? Except { get; init; }

    /// <summary>The array of an .npz; null where it has only one.</summary>
    internal string? Key { get; init; }

    /// <summary>What separates the fields of a line; null to guess.</summary>
    internal char? Delimiter { get; init; }

    /// <summary>The decimal sign of numbers in text, a point or a comma; null to guess.</summary>
    internal char? Decimal { get; init; }

    /// <summary>Whether text begins with a line of names.</summary>
    internal bool Header { get; init; } = true;

    /// <summary>Whether rows that lack a value are left out; else they are an error.</summary>
    internal bool DropMissing { get; init; }
}
