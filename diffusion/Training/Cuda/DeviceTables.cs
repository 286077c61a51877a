using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>
/// Read-only tables in device memory, each once however many trials read it (points of one dataset, noise levels of one schedule), told apart by content. Not
/// thread-safe.
/// </summary>
internal sealed class DeviceTables(IPackedBackend backend) : IDisposable
{
    private readonly Dictionary<string, (nuint Address, int Users)> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<nuint, string> _keys = [];

    /// <summary>The address of a table with this content; each call must be matched by a <see cref="Release"/>.</summary>
    /// <exception cref="DeviceMemoryException">The device has no memory left.</exception>
    public nuint Get(ReadOnlySpan<float> content)
    {
        var bytes = MemoryMarshal.AsBytes(content);
        string key = Convert.ToHexString(SHA256.HashData(bytes));
        if (_tables.TryGetValue(key, out var table))
        {
            _tables[key] = table with { Users = table.Users + 1 };
            return table.Address;
        }

        nuint address = backend.Allocate(bytes.Length);
        backend.Upload(address, bytes);
        _tables[key] = (address, 1);
        _keys[address] = key;
        return address;
    }

    public void Release(nuint address)
    {
        string key = _keys[address];
        var table = _tables[key];
        if (table.Users > 1)
        {
            _tables[key] = table with { Users = table.Users - 1 };
            return;
        }

        _tables.Remove(key);
        _keys.Remove(address);
        backend.Free(address);
    }

    public void Dispose()
    {
        foreach (nuint address in _keys.Keys)
            backend.Free(address);
        _keys.Clear();
        _tables.Clear();
    }
}
