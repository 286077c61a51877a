namespace Sweep.Grains.Sweeps;

/// <summary>Whose turn it is between sweeps.</summary>
public static class SweepTurns
{
    /// <summary>
    /// What a silo gets of several sweeps: slots go to the sweep whose <see cref="SweepTurn"/> it is, one by one; what it gives counts. A silo that holds a
    /// trial that may be what kills silos gets no second one; one that holds none gets one.
    /// </summary>
    /// <param name="heads">Each longer than what is wanted where it has that many, with the first suspect among or after them.</param>
    public static List<(int Head, T Trial)> Next<T>(IReadOnlyList<SweepHead<T>> heads, int most, bool holdsSuspect)
    {
        ArgumentNullException.ThrowIfNull(heads);
        int[] places = new int[heads.Count];
        int[] given = new int[heads.Count];
        List<(int, T)> next = [];
        while (next.Count < most)
        {
            int first = -1;
            SweepTurn turn = default;
            for (int i = 0; i < heads.Count; i++)
            {
                // A second suspect is passed over: it isn't what comes next for this silo.
                while (places[i] < heads[i].Trials.Count && holdsSuspect && heads[i].Trials[places[i]].Suspect)
                    places[i]++;
                if (places[i] == heads[i].Trials.Count)
                    continue;
                SweepTurn its = new(heads[i].Sweep, heads[i].Running + given[i], heads[i].Trials[places[i]].Cost, heads[i].Priority);
                if (first < 0 || its < turn)
                    (first, turn) = (i, its);
            }

            if (first < 0)
                break;
            (T trial, _, bool suspect) = heads[first].Trials[places[first]++];
            given[first]++;
            holdsSuspect |= suspect;
            next.Add((first, trial));
        }

        return next;
    }
}
