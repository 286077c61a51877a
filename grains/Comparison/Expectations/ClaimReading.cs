namespace Sweep.Grains.Comparison.Expectations;

/// <summary>What a claim and its controls are judged by.</summary>
/// <param name="Groups">The claim's, at every place of its curves; along an axis path by path.</param>
/// <param name="Controls">Each control's, in the same order.</param>
internal sealed record ClaimReading(List<GroupReading> Groups, IReadOnlyList<List<GroupReading>> Controls);
