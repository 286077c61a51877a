using System.Net;
using System.Net.Sockets;

namespace Sweep.Client.Dashboard.Access;

/// <summary>What is one client to the limits.</summary>
internal static class ClientAddress
{
    /// <summary>An address; of IPv6 the network of 64 bits, which one client has to itself.</summary>
    public static string Key(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
