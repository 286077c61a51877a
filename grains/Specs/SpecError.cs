namespace Sweep.Grains.Specs;

/// <summary>One thing that is wrong with a spec.</summary>
/// <param name="File">The spec's file, as the reader was given it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Message"><c>what is wrong: value; allowed: …</c>, without control characters, whatever the file holds.</param>
public sealed record SpecError(string File, int Line, string Message)
{
    public override string ToString() => $"{File}:{Line}: {Message}";
}
