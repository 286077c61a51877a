using System.Net;
using Microsoft.AspNetCore.Http;

namespace Sweep.Client.Dashboard.Access;

/// <summary>
/// Checks the Host header. A dashboard on the loopback interface accepts only this machine's names: otherwise a page of another site whose name resolves to
/// this machine (DNS rebinding) would count as same-origin.
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
