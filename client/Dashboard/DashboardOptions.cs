using System.Net;
using Sweep.Client.Commands;
using Sweep.Client.Dashboard.Access;

namespace Sweep.Client.Dashboard;

/// <summary>How a dashboard is served and to whom.</summary>
internal sealed record DashboardOptions
{
    /// <summary>A shorter token could be guessed.</summary>
    public const int ShortestToken = 16;

    public const int DefaultPort = 8787;

    public required IPEndPoint Listen { get; init; }

    /// <summary>Makes who has it an operator; null where there is none.</summary>
    public string? Token { get; init; }

    /// <summary>Makes who has it a reader.</summary>
    public string? ReaderToken { get; init; }

    public OidcOptions? Oidc { get; init; }

    /// <summary>Names, beside this machine's own, that browsers may know the dashboard by: those of a reverse proxy.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Reverse proxies that report client addresses.</summary>
    public TrustedProxies Proxies { get; init; } = TrustedProxies.None;

    /// <summary>Whether the process that serves also works on the sweep.</summary>
    public bool Embedded { get; init; }

    /// <summary>Event streams at a time, over all clients.</summary>
    public int MostStreams { get; init; } = 128;

    /// <summary>Event streams at a time of one client.</summary>
    public int MostStreamsPerClient { get; init; } = 32;

    /// <summary>Requests of one client at once; as many come back each second.</summary>
    public int MostRequestsPerSecond { get; init; } = 200;

    /// <summary>Whether anybody who reaches it may do anything: on this machine alone.</summary>
    public bool IsOpen => Token is null && ReaderToken is null && Oidc is null;

    public string Auth => Oidc is not null ? "oidc" : IsOpen ? "none" : "token";

    /// <exception cref="UsageException">It would be open to others, or a token is too short.</exception>
    public void Check()
    {
        bool elsewhere = !IPAddress.IsLoopback(Listen.Address);
        if (IsOpen && (elsewhere || Hosts.Count > 0))
        {
            string what = elsewhere ? $"--listen: {Listen}" : $"--host: {Words.Clean(Hosts[0])}";
            throw new UsageException(
                $"{what}: others could operate your sweeps; allowed: with --token-file FILE (or SWEEP_TOKEN in the environment) or --oidc-authority URL; 127.0.0.1 needs neither");
        }

        Long(Token, "the token");
        Long(ReaderToken, "the reader's token");
        if (Token is not null && Token == ReaderToken)
            throw new UsageException("the reader's token is the operator's; allowed: two that differ");
        Oidc?.Check();
    }

    private static void Long(string? token, string what)
    {
        if (token is not null && token.Length < ShortestToken)
            throw new UsageException($"{what} has {token.Length} characters; allowed: {ShortestToken} or more, for example of: openssl rand -hex 32");
    }
}
