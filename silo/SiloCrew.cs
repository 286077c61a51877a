using System.Collections.Concurrent;
using Sweep.Grains.Coordination;
using Sweep.Silo.Devices;

namespace Sweep.Silo;

/// <summary>
/// The silos of one process, one per device, each with a lease loop and slots of its own: a GPU that fails is quarantined without the others. They share what
/// is prepared and trained once for several trials. With one device it is the silo that the options name; with several, each has the device's name after its
/// own.
/// </summary>
/// <param name="coordinator">Shared by all.</param>
/// <param name="options">Of each, but for its id, its slots and what it says of itself.</param>
/// <param name="devices">The caller's, and open until the crew has ended.</param>
/// <param name="observer">Called by many threads.</param>
/// <param name="files">Where data files are found; null takes the spec's word.</param>
/// <param name="time">The clock.</param>
/// <param name="fits">Where silos get each other's fits; null: this one makes its own.</param>
public sealed class SiloCrew(
    IWorkSource coordinator, SiloOptions options, SiloDevices devices, ISiloObserver observer, DataFiles? files, TimeProvider time, IFitExchange? fits = null)
{
    private readonly ConcurrentQueue<SiloWorker> _workers = [];

    /// <summary>Attempts that were given up because they stalled.</summary>
    public int Stalled => _workers.Sum(w => w.Stalled);

    /// <summary>As <see cref="SiloWorker.RunAsync"/>, for all. A defect in one stops the others, and is thrown when they have ended.</summary>
    public async Task RunAsync(CancellationToken drain)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(drain);
        TrialRunner? first = null;
        List<Task> silos = [];
        foreach (SiloDevice device in devices.All)
        {
            SiloOptions own = options with
            {
                Id = devices.All.Count == 1 ? options.Id : $"{options.Id}/{device.Id}",
                Slots = devices.SlotsOf(device),
                About = new SiloFacts(device.Name, devices.SlotsOf(device), TrialNeeds.Offers) { Artifacts = options.ArtifactsShown },
            };
            TrialRunner runner = first?.On(device) ?? new TrialRunner(own, time, files, device, fits);
            first ??= runner;
            var worker = new SiloWorker(coordinator, runner, own, observer, time);
            _workers.Enqueue(worker);
            silos.Add(WorkAsync(worker, stop));
        }

        await Task.WhenAll(silos).ConfigureAwait(false);
    }

    private static async Task WorkAsync(SiloWorker silo, CancellationTokenSource stop)
    {
        try
        {
            await silo.RunAsync(stop.Token).ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }
}
