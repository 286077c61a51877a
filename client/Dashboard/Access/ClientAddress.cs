using System.Net;
using System.Net.Sockets;

namespace Sweep.Client.Dashboard.Access;

/// <summary>What counts as one client.</summary>
internal static class ClientAddress
{
    /// <summary>The address; for IPv6 its /64 network, which usually belongs to one client.</summary>
    public static string Key(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
