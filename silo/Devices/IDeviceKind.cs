namespace Sweep.Silo.Devices;

/// <summary>
/// A back-end that trains, with the devices that it finds on this machine. <c>--device</c> names one as <c>KIND:WHICH</c>, and all of a kind as <c>KIND</c>.
/// Stateless and thread-safe; it costs a file and a line in <see cref="DeviceKinds"/>.
/// </summary>
public interface IDeviceKind
{
    /// <summary>The first word of its devices' names: <c>cuda</c>.</summary>
    string Name { get; }

    /// <summary>Its trainer for display: <c>GPU trainer</c>.</summary>
    string Title { get; }

    /// <summary>What of it <c>--device</c> takes, for help: <c>cuda (every GPU), cuda:N</c>.</summary>
    string Help { get; }

    /// <summary>Whether <c>--device auto</c> takes its devices when there are some.</summary>
    bool IsAutomatic { get; }

    /// <summary>The devices that are here by name, in order; looking opens none.</summary>
    /// <param name="why">Why there is none, in words; null where there are some.</param>
    IReadOnlyList<string> Find(out string? why);

    /// <summary>Opens one that was found, and checks that it computes what the processor does.</summary>
    /// <param name="device">A name from <see cref="Find"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="problem">What is wrong with it, in words, beginning with its name; null where it can be used.</param>
    /// <param name="cancellation">Ends the check.</param>
    /// <returns>The caller's to dispose of; null where it can't be used.</returns>
    SiloDevice? Open(string device, TimeProvider time, out string? problem, CancellationToken cancellation);
}
