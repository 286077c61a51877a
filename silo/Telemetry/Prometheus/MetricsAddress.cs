using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Sweep.Silo.Telemetry.Prometheus;

/// <summary>
/// Where metrics are served: <c>9464</c> is this machine only, <c>0.0.0.0:9464</c> every address it has, <c>10.0.0.7:9464</c> and <c>[::1]:9464</c> one of
/// them. Port 0 is any free one.
/// </summary>
public static class MetricsAddress
{
    public const string Allowed = "PORT (this machine only) or ADDRESS:PORT (0.0.0.0:PORT is every address), PORT from 0 (any) to 65535";

    public static bool TryParse(string text, [NotNullWhen(true)] out IPEndPoint? address)
    {
        ArgumentNullException.ThrowIfNull(text);
        address = null;
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            address = new IPEndPoint(IPAddress.Loopback, port);
            return true;
        }

        // Without a port, IPEndPoint's own reading takes an address alone for one with port 0.
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port))
            return false;
        string host = text[..colon];
        bool bracketed = host is ['[', .., ']'];
        IPAddress? parsed = host == "localhost" ? IPAddress.Loopback
            : host == "*" ? IPAddress.Any
            : IPAddress.TryParse(bracketed ? host[1..^1] : host, out IPAddress? given) && bracketed == host.Contains(':') ? given : null;
        address = parsed is null ? null : new IPEndPoint(parsed, port);
        return address is not null;
    }
}
