namespace Sweep.Client.Cluster;

/// <summary>Tells the store's grain of silos that the cluster has declared dead, so that their trials run elsewhere before the leases run out. Every silo
/// does it: any one of them may be next.</summary>
internal static class DeadSiloReports
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(500);

    /// <summary>Follows the membership until cancelled. What can't be told is told again for as long as it is so.</summary>
    /// <param name="tell">Told the names of the dead and of the living.</param>
    public static async Task FollowAsync(IClusterMembershipService membership, Func<string[], string[], Task> tell, TimeProvider time,
        CancellationToken cancellationToken)
    {
        HashSet<string> told = new(StringComparer.Ordinal);
        await using IAsyncEnumerator<ClusterMembershipSnapshot> updates = membership.MembershipUpdates.GetAsyncEnumerator(cancellationToken);
        Task<bool> news = updates.MoveNextAsync().AsTask();
        while (true)
        {
            (string[] dead, string[] living) = Names(membership.CurrentSnapshot.Members.Values);
            told.IntersectWith(dead);
            try
            {
                if (dead.Any(name => !told.Contains(name)))
                    await tell(dead, living).WaitAsync(cancellationToken);
                told.UnionWith(dead);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Any exception: the grain may have been on the dead silo, or the store is away.
                await Task.Delay(Again, time, cancellationToken);
                continue;
            }

            if (!await news.WaitAsync(cancellationToken))
                return;
            news = updates.MoveNextAsync().AsTask();
        }
    }

    /// <summary>A member that has joined again under its name lives.</summary>
    internal static (string[] Dead, string[] Living) Names(IEnumerable<ClusterMember> members)
    {
        ILookup<bool, string> names = members.ToLookup(m => m.Status == SiloStatus.Dead, m => m.Name, EqualityComparer<bool>.Default);
        string[] living = [.. names[false].Distinct(StringComparer.Ordinal)];
        return ([.. names[true].Except(living, StringComparer.Ordinal)], living);
    }
}
