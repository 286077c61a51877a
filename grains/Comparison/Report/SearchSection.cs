namespace Sweep.Grains.Comparison.Report;

/// <summary>What a search found: nothing is compared pair by pair, as no two of its settings differ in one axis alone.</summary>
/// <param name="Method"><c>sobol</c> or <c>random</c>.</param>
/// <param name="Groups">Settings that it planned.</param>
/// <param name="Seed">Of its sequence.</param>
/// <param name="Shown">
/// The first trial of each setting that figures show: of each data set and arm the one with the best mean of <c>compare.metric</c>, or the first where none has
/// a value in every seed.
/// </param>
public sealed record SearchSection(string Method, int Groups, long Seed, IReadOnlyList<string> Shown);
