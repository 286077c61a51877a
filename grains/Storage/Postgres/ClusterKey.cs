using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sweep.Grains.Storage.Postgres;

/// <summary>
/// What a store's cluster is known by, and what its members prove that they belong to it with: a certificate whose key all of them hold. They are told by that
/// key alone; names and dates in the certificate mean nothing. Whoever holds it may do to a sweep what a silo can.
/// </summary>
/// <param name="ClusterId">Given to the store when it was made.</param>
/// <param name="Pkcs12">The certificate with its private key, PKCS #12 without a password.</param>
public sealed record ClusterKey(string ClusterId, byte[] Pkcs12)
{
    /// <summary>Announced when the keys were changed: members read them again.</summary>
    public const string News = "key";

    /// <summary>The name that clients ask a silo's certificate for, which says nothing.</summary>
    public const string Name = "sweep";

    /// <summary>Another one each time.</summary>
    public static ClusterKey Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Name);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1000));
        return new ClusterKey($"sweep-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}", certificate.Export(X509ContentType.Pkcs12));
    }

    /// <summary>The certificate with its key. The caller disposes it.</summary>
    public X509Certificate2 Open() => X509CertificateLoader.LoadPkcs12(Pkcs12, null);

    /// <summary>Whether a certificate is of the same key.</summary>
    public static bool IsSame(X509Certificate2 mine, X509Certificate2 other)
    {
        ArgumentNullException.ThrowIfNull(mine);
        ArgumentNullException.ThrowIfNull(other);
        return CryptographicOperations.FixedTimeEquals(mine.PublicKey.ExportSubjectPublicKeyInfo(), other.PublicKey.ExportSubjectPublicKeyInfo());
    }
}
