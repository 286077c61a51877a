using System.CommandLine;
using Sweep.Client.Cluster;
using Sweep.Client.Terminal;

namespace Sweep.Client.Commands;

/// <summary>The options of a worker that reaches nothing but a silo's port for clients.</summary>
internal sealed class OutboundOptions
{
    private readonly Option<bool> _outbound = new("--outbound")
    {
        Description = "work as a client of the silo at --gateway: without a database, and without a port that others reach",
    };

    private readonly Option<string?> _gateway = new("--gateway")
    {
        Description = "with --outbound: a silo's address, and its port for clients (its --gateway-port)", HelpName = "HOST:PORT",
    };

    private readonly Option<string?> _key = new("--key")
    {
        Description = "with --outbound: the cluster's key, from sweep setup --export-key", HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Add(_outbound);
        command.Add(_gateway);
        command.Add(_key);
    }

    /// <summary>Null without <c>--outbound</c>.</summary>
    /// <param name="members">Options that make sense to the cluster's members alone.</param>
    /// <exception cref="UsageException">Something is missing, wrong, or doesn't go together.</exception>
    public OutboundSettings? Read(ParseResult parsed, string name, Action<string> warning, params ReadOnlySpan<Option> members)
    {
        if (!parsed.GetValue(_outbound))
        {
            foreach (Option lonely in new Option[] { _gateway, _key })
            {
                if (parsed.GetResult(lonely) is { Implicit: false })
                    throw new UsageException($"{lonely.Name} without --outbound; allowed: with --outbound");
            }

            return null;
        }

        foreach (Option other in members)
        {
            if (parsed.GetResult(other) is { Implicit: false })
                throw new UsageException($"{other.Name} together with --outbound; allowed: --gateway HOST:PORT and --key FILE, as a client has no such thing");
        }

        (string host, int port) = Address(parsed.GetValue(_gateway));
        string path = parsed.GetValue(_key) ?? throw new UsageException("--outbound: with which key? allowed: --key FILE, from sweep setup --export-key FILE");
        return new OutboundSettings(host, port, Key(path), name)
        {
            Warning = warning,
            ReadKey = () =>
            {
                try
                {
                    return KeyFile.Read(path);
                }
                catch (FormatException e)
                {
                    warning($"--key: {Words.Clean(path)}: {Words.Clean(e.Message)}; going on with the one from before");
                    return null;
                }
            },
        };
    }

    private static KeyFile Key(string path)
    {
        try
        {
            return KeyFile.Read(path);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--key: {Words.Clean(path)}: {Words.Clean(e.Message)}", e);
        }
    }

    private static (string Host, int Port) Address(string? given)
    {
        const string Allowed = "HOST:PORT, such as silo.example.org:30000 or [2001:db8::7]:30000";
        if (given is null)
            throw new UsageException($"--outbound: to which silo? allowed: --gateway {Allowed}");
        int colon = given.LastIndexOf(':');
        string host = colon < 0 ? "" : given[..colon];
        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        host = bracketed ? host[1..^1] : host;
        return Uri.CheckHostName(host) != UriHostNameType.Unknown && (bracketed || !host.Contains(':', StringComparison.Ordinal))
            && int.TryParse(given[(colon + 1)..], System.Globalization.NumberStyles.None, null, out int port) && port is >= 1 and <= 65535
            ? (host, port)
            : throw new UsageException($"--gateway: {Words.Clean(given)}; allowed: {Allowed}");
    }
}
