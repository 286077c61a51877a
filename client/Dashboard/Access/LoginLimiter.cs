using System.Net;
using System.Net.Sockets;

namespace Sweep.Client.Dashboard.Access;

/// <summary>Counts vain attempts to be let in, by client, so that tokens can't be tried one after the other. Thread-safe.</summary>
internal sealed class LoginLimiter(TimeProvider time)
{
    public const int MostFailures = 10;
    private const int MostClients = 10_000;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Failures, long Began)> _clients = new(StringComparer.Ordinal);

    /// <summary>How long a client has to wait; null when it may try.</summary>
    public TimeSpan? Wait(IPAddress? client)
    {
        lock (_lock)
        {
            return _clients.TryGetValue(Key(client), out (int Failures, long Began) record) && time.GetElapsedTime(record.Began) is var since && since < Window
                && record.Failures >= MostFailures ? Window - since : null;
        }
    }

    public void Failed(IPAddress? client)
    {
        lock (_lock)
        {
            if (_clients.Count >= MostClients)
                Prune();
            string key = Key(client);
            bool going = _clients.TryGetValue(key, out (int Failures, long Began) record) && time.GetElapsedTime(record.Began) < Window;
            _clients[key] = going ? (record.Failures + 1, record.Began) : (1, time.GetTimestamp());
        }
    }

    /// <summary>A client has a whole IPv6 network of 64 bits to itself.</summary>
    public static string Key(IPAddress? client)
    {
        if (client is null)
            return "";
        if (client.IsIPv4MappedToIPv6)
            client = client.MapToIPv4();
        return client.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(client.GetAddressBytes().AsSpan(0, 8)) : client.ToString();
    }

    /// <summary>Forgets what is over; if that is nothing, everything: to be counted anew is better than to be kept out by others' number.</summary>
    private void Prune()
    {
        foreach (string old in _clients.Where(c => time.GetElapsedTime(c.Value.Began) >= Window).Select(c => c.Key).ToList())
            _clients.Remove(old);
        if (_clients.Count >= MostClients)
            _clients.Clear();
    }
}
