namespace Sweep.Grains.Specs;

/// <summary>Something that a spec's author should know and that is not an error: the spec can be run.</summary>
/// <param name="Line">Of the spec, from 1.</param>
/// <param name="Message">Without control characters, whatever the data hold.</param>
public sealed record SpecWarning(int Line, string Message);
