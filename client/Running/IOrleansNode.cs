using Sweep.Grains.Coordination;

namespace Sweep.Client.Running;

/// <summary>This process's part in an Orleans cluster. Disposing leaves it.</summary>
internal interface IOrleansNode : IAsyncDisposable
{
    ICoordinator Coordinator { get; }

    /// <summary>Where it is, for people.</summary>
    string Shown { get; }
}
