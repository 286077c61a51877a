using Sweep.Grains.Coordination;

namespace Sweep.Client.Running;

/// <summary>What the command line knows of the Orleans cluster engine, whether it is in the build or not.</summary>
internal interface IOrleansEngine
{
    /// <summary>Whether Orleans' own dashboard is in this build.</summary>
    bool HasDashboard { get; }

    /// <summary>Makes the cluster's tables in a store that is there, where they are missing.</summary>
    /// <exception cref="StoreException">It can't be reached, or this user may not.</exception>
    Task SetupAsync(OrleansSettings settings, CancellationToken cancellationToken);

    /// <summary>Starts this process's silo; returns when it is one of the cluster's.</summary>
    /// <exception cref="StoreException">The store can't be reached, or no cluster can be joined.</exception>
    Task<IOrleansNode> JoinAsync(OrleansSettings settings, CoordinatorOptions limits, TimeProvider time, CancellationToken cancellationToken);

    /// <summary>Connects as a client to a cluster that some silo serves.</summary>
    /// <exception cref="StoreException">The store can't be reached, or no silo answers.</exception>
    Task<IOrleansNode> ConnectAsync(OrleansSettings settings, TimeProvider time, CancellationToken cancellationToken);
}
