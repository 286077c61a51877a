using System.Net;

namespace Sweep.Client.Dashboard.Access;

/// <summary>
/// Delays token checks for an address after wrong tokens, so that tokens can't be tried in quick succession. It never locks anybody out: every check for that
/// address waits, right or wrong, so that response times reveal nothing. The same wrong token sent repeatedly (a script with a stale one) counts once.
/// Thread-safe.
/// </summary>
internal sealed class LoginLimiter(TimeProvider time)
{
    /// <summary>Wrong tokens without a delay.</summary>
    public const int FreeFailures = 10;

    /// <summary>Delayed checks of one client at a time: otherwise tokens could be tried in parallel.</summary>
    public const int MaxWaiting = 8;

    private const int MaxClients = 10_000;

    public static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(2);

    /// <summary>After this time without a wrong token the count starts over.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Client> _clients = new(StringComparer.Ordinal);

    /// <summary>The delay of a client's next check.</summary>
    public TimeSpan Delay(IPAddress? address)
    {
        lock (_lock)
            return _clients.TryGetValue(ClientAddress.Key(address), out Client? client) ? DelayOf(client) : TimeSpan.Zero;
    }

    /// <summary>Waits until this client's next token may be checked.</summary>
    /// <returns>False if too many of its checks are waiting already.</returns>
    public async Task<bool> WaitAsync(IPAddress? address, CancellationToken cancellationToken)
    {
        Client client;
        TimeSpan delay;
        lock (_lock)
        {
            if (!_clients.TryGetValue(ClientAddress.Key(address), out client!) || (delay = DelayOf(client)) == TimeSpan.Zero)
                return true;
            if (client.Waiting >= MaxWaiting)
                return false;
            client.Waiting++;
        }

        try
        {
            await Task.Delay(delay, time, cancellationToken);
            return true;
        }
        finally
        {
            lock (_lock)
                client.Waiting--;
        }
    }

    /// <summary>Counts a wrong token.</summary>
    public void Failed(IPAddress? address, string token)
    {
        // Recognises a token without keeping it: string hashes are randomised per process.
        int hash = string.GetHashCode(token, StringComparison.Ordinal);
        lock (_lock)
        {
            if (_clients.Count >= MaxClients)
                Prune();
            string key = ClientAddress.Key(address);
            if (!_clients.TryGetValue(key, out Client? client))
                _clients[key] = client = new Client();
            if (IsOver(client))
                client.Wrong.Clear();
            if (client.Wrong.Count < MaxCounted)
                client.Wrong.Add(hash);
            client.Latest = time.GetTimestamp();
        }
    }

    /// <summary>Counting further wouldn't increase the delay.</summary>
    private static int MaxCounted => FreeFailures + (int)Math.Ceiling(Math.Log2(MaxDelay / FirstDelay));

    private TimeSpan DelayOf(Client client)
    {
        int excess = IsOver(client) ? -1 : client.Wrong.Count - FreeFailures;
        if (excess < 0)
            return TimeSpan.Zero;
        TimeSpan delay = FirstDelay * Math.Pow(2, excess);
        return delay < MaxDelay ? delay : MaxDelay;
    }

    private bool IsOver(Client client) => time.GetElapsedTime(client.Latest) >= Window;

    /// <summary>Drops expired counts; if there are none, all: a guesser with ten thousand addresses isn't slowed down by a count for each.</summary>
    private void Prune()
    {
        foreach (string old in _clients.Where(c => IsOver(c.Value)).Select(c => c.Key).ToList())
            _clients.Remove(old);
        if (_clients.Count >= MaxClients)
            _clients.Clear();
    }

    private sealed class Client
    {
        public HashSet<int> Wrong { get; } = [];

        public long Latest { get; set; }

        public int Waiting { get; set; }
    }
}
