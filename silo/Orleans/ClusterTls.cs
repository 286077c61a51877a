using System.Security.Authentication;
using Orleans.Connections.Security;
using Sweep.Grains.Storage.Postgres;

namespace Sweep.Silo.Orleans;

/// <summary>Mutual TLS between silos, and from clients to silos: both sides prove that they hold the cluster's key. Nothing else is looked at.</summary>
internal static class ClusterTls
{
    public static void Configure(TlsOptions options, KeyRing keys)
    {
        options.LocalCertificate = keys.Shown;
        options.LocalServerCertificateSelector = (_, _) => keys.Shown;
        options.LocalClientCertificateSelector = (_, _, _, _, _) => keys.Shown;
        options.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.RemoteCertificateValidation = (other, _, _) => keys.Accepts(other);
        options.OnAuthenticateAsClient = (_, client) => client.TargetHost = ClusterKey.Name;
    }
}
