namespace Sweep.Grains.Specs;

/// <summary>A key of the <c>diagnostics</c> section, in words.</summary>
/// <param name="Default">What holds when the spec is silent.</param>
/// <param name="Allowed">What may be written.</param>
/// <param name="Summary">What it does.</param>
public sealed record DiagnosticsKey(string Name, string Default, string Allowed, string Summary);
