namespace Sweep.Silo.Devices;

/// <summary>The devices of one process and how many trials each takes at a time. Dispose of it after the silos.</summary>
/// <param name="devices">At least one; disposed of with it.</param>
/// <param name="slots">Trials at a time on each; null: as many as it holds.</param>
public sealed class SiloDevices(IReadOnlyList<SiloDevice> devices, int? slots) : IDisposable
{
    public IReadOnlyList<SiloDevice> All => devices;

    /// <summary>For display: <c>cuda:0 (NVIDIA H200), cuda:1 (NVIDIA H200)</c>.</summary>
    public string Name => string.Join(", ", devices.Select(d => d.Name));

    /// <summary>Trials at a time on all of them.</summary>
    public int Slots => devices.Sum(SlotsOf);

    /// <summary>Trials at a time on one.</summary>
    public int SlotsOf(SiloDevice device) => slots ?? device.DefaultSlots;

    public void Dispose()
    {
        foreach (SiloDevice device in devices)
            device.Dispose();
    }
}
