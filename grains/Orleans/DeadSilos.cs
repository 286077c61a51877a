namespace Sweep.Grains.Orleans;

/// <summary>Whose leases the cluster's verdict ends. A member of the cluster works as the silo of its name or, with several devices, as one silo each: the
/// name, a slash, and the device.</summary>
public static class DeadSilos
{
    /// <summary>Whether a silo of the store is a dead member's. One that no member's name fits is left to its lease.</summary>
    /// <param name="silo">Its id in the store.</param>
    /// <param name="dead">Names of members all of whose silos are dead.</param>
    /// <param name="living">Names of the others.</param>
    public static bool IsDead(string silo, IReadOnlyCollection<string> dead, IReadOnlyCollection<string> living)
    {
        ArgumentNullException.ThrowIfNull(silo);
        int death = Fit(silo, dead);
        return death > 0 && death > Fit(silo, living);
    }

    /// <summary>The length of the longest name that fits; 0 where none does.</summary>
    private static int Fit(string silo, IReadOnlyCollection<string> names) =>
        names.Where(n => n.Length > 0 && silo.StartsWith(n, StringComparison.Ordinal) && (silo.Length == n.Length || silo[n.Length] == '/'))
            .Select(n => n.Length).DefaultIfEmpty(0).Max();
}
