using System.Net;
using Microsoft.AspNetCore.Http;

namespace Sweep.Client.Dashboard.Access;

/// <summary>
/// Which names a dashboard answers to. One that listens on this machine alone refuses all others: a page of another site whose name was pointed here (DNS rebinding) would else be its own page.
/// </summary>
internal sealed class HostGuard(DashboardOptions options)
{
    private readonly bool _checks = IPAddress.IsLoopback(options.Listen.Address) || options.Hosts.Count > 0;

    public bool Allows(HostString host)
    {
        if (!_checks)
            return true;
        string name = host.Host.TrimEnd('.');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name.Trim('[', ']'), out IPAddress? address) && (IPAddress.IsLoopback(address) || address.Equals(options.Listen.Address)))
            || options.Hosts.Any(h => name.Equals(h, StringComparison.OrdinalIgnoreCase));
    }
}
