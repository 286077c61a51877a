namespace Sweep.Grains.Comparison.Report;

/// <summary>The exploratory comparisons by one metric, adjusted within themselves.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Comparisons">How many were adjusted together, as in <see cref="FamilySection.Comparisons"/>.</param>
/// <param name="Certain">How many of them are called.</param>
public sealed record SecondaryFamily(string Metric, int Comparisons, int Certain);
