namespace Sweep.Grains.Comparison.Report;

/// <summary>How the verdicts were reached.</summary>
/// <param name="Comparisons">How many p-values were adjusted together.</param>
/// <param name="Method">The adjustment.</param>
/// <param name="Alpha">A verdict needs an adjusted p-value below this.</param>
/// <param name="Test">The test behind each p-value.</param>
public sealed record FamilySection(int Comparisons, string Method, double Alpha, string Test);
