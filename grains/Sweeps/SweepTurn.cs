namespace Sweep.Grains.Sweeps;

/// <summary>What decides a sweep's turn: how many trials it has running, and what comes next in it.</summary>
/// <param name="Sweep">Its number in the store: older ones have smaller ones.</param>
/// <param name="Running">How many slots it has.</param>
/// <param name="Cost">Of its next trial.</param>
public readonly record struct SweepTurn(long Sweep, int Running, double Cost) : IComparable<SweepTurn>
{
    /// <summary>Slots are shared equally: the sweep with the fewest is next; then the one with the longest trial, then the older.</summary>
    public int CompareTo(SweepTurn other) =>
        Running != other.Running ? Running.CompareTo(other.Running) : Cost != other.Cost ? other.Cost.CompareTo(Cost) : Sweep.CompareTo(other.Sweep);

    public static bool operator <(SweepTurn left, SweepTurn right) => left.CompareTo(right) < 0;

    public static bool operator >(SweepTurn left, SweepTurn right) => left.CompareTo(right) > 0;

    public static bool operator <=(SweepTurn left, SweepTurn right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SweepTurn left, SweepTurn right) => left.CompareTo(right) >= 0;
}
