using Sweep.Grains.Specs.Yaml;

namespace Sweep.Grains.Specs;

/// <summary>The <c>diagnostics</c> section as read.</summary>
/// <param name="Spec">Says something.</param>
/// <param name="Map">Where its keys stand.</param>
internal sealed record ReadDiagnostics(DiagnosticsSpec Spec, YamlMap Map)
{
    public int Line(DiagnosticsKey key) => Map.Find(key.Name)?.Line ?? Map.Line;
}
