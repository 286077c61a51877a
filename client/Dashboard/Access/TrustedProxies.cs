using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Sweep.Client.Terminal;
using IPNetwork = System.Net.IPNetwork;

namespace Sweep.Client.Dashboard.Access;

/// <summary>Reverse proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> headers are honoured; from anybody else they are ignored.</summary>
internal sealed class TrustedProxies
{
    private readonly IPNetwork[] _networks;

    private TrustedProxies(IPNetwork[] networks) => _networks = networks;

    public static TrustedProxies None { get; } = new([]);

    public bool IsEmpty => _networks.Length == 0;

    /// <exception cref="UsageException">Neither an address nor a network.</exception>
    public static TrustedProxies Parse(string option, IEnumerable<string> given) => new([.. given.Select(text =>
        IPAddress.TryParse(text, out IPAddress? address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(text, out IPNetwork network) ? network
        : throw new UsageException($"{option}: {Words.Clean(text)}; allowed: an IP address, or a network such as 10.0.0.0/24"))]);

    public bool Contains(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true })
            address = address.MapToIPv4();
        return address is not null && Array.Exists(_networks, n => n.Contains(address));
    }

    /// <summary>A chain of proxies is followed as long as each is trusted.</summary>
    public ForwardedHeadersOptions Headers()
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (IPNetwork network in _networks)
            options.KnownIPNetworks.Add(network);
        return options;
    }
}
