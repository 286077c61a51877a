namespace Sweep.Grains.Sweeps;

/// <summary>What decides a sweep's turn: how many trials it has running, and what comes next in it.</summary>
/// <param name="Sweep">Its number in the store: older ones have smaller ones.</param>
/// <param name="Running">How many slots it has.</param>
/// <param name="Cost">Of its next trial.</param>
/// <param name="Priority">Its share, beside the other sweeps'.</param>
public readonly record struct SweepTurn(long Sweep, int Running, double Cost, double Priority = 1) : IComparable<SweepTurn>
{
    /// <summary>
    /// Slots are shared in proportion to priorities, equally where those are equal: the sweep is next that would have the fewest for its priority with one
    /// more (highest averages, D'Hondt's method); then the one with the longest trial, then the older.
    /// </summary>
    public int CompareTo(SweepTurn other) =>
        (Running + 1) / Priority is var own && (other.Running + 1) / other.Priority is var others && own != others ? own.CompareTo(others)
            : Cost != other.Cost ? other.Cost.CompareTo(Cost) : Sweep.CompareTo(other.Sweep);

    public static bool operator <(SweepTurn left, SweepTurn right) => left.CompareTo(right) < 0;

    public static bool operator >(SweepTurn left, SweepTurn right) => left.CompareTo(right) > 0;

    public static bool operator <=(SweepTurn left, SweepTurn right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SweepTurn left, SweepTurn right) => left.CompareTo(right) >= 0;
}
