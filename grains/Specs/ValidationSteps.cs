namespace Sweep.Grains.Specs;

/// <summary>The training steps after which the validation loss is measured: a pure function of how many there are.</summary>
public static class ValidationSteps
{
    /// <summary>Between one and the next, towards the end, a step of 19%: four to an octave.</summary>
    public const int PerOctave = 4;

    /// <summary>Octaves below the last step that are looked at.</summary>
    private const int Octaves = 12;

    /// <summary>Ascending: 0, before the first step; then geometric, to the last.</summary>
    public static IReadOnlyList<int> Of(int trainingSteps)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trainingSteps);
        SortedSet<int> steps = [0];
        for (int i = 0; i <= Octaves * PerOctave; i++)
            steps.Add(Math.Max(1, (int)Math.Round(trainingSteps * Math.Pow(2, -(double)i / PerOctave))));
        return [.. steps];
    }
}
