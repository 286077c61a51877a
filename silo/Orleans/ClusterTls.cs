using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;
using Sweep.Grains.Storage.Postgres;

namespace Sweep.Silo.Orleans;

/// <summary>Mutual TLS between silos, and from clients to silos: both sides prove that they hold the cluster's key. Nothing else is looked at.</summary>
internal static class ClusterTls
{
    public static void Configure(TlsOptions options, ClusterKey key)
    {
        X509Certificate2 mine = key.Open();
        options.LocalCertificate = mine;
        options.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.RemoteCertificateValidation = (other, _, _) => other is not null && ClusterKey.IsSame(mine, other);
        options.OnAuthenticateAsClient = (_, client) => client.TargetHost = ClusterKey.Name;
    }
}
