using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>A kind entry as read.</summary>
/// <param name="Json">A <see cref="KindSpec"/> as JSON.</param>
/// <param name="Label">Its name on the axis.</param>
/// <param name="Identity">What it is, whatever its label.</param>
/// <param name="Line">Where the spec has it.</param>
/// <param name="Instance">What its kind created.</param>
internal sealed record ResolvedKind(JsonObject Json, string Label, string Identity, int Line, object Instance);
