using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Sweep.Client.Dashboard.Access;

/// <summary>
/// A stateless session: role, expiry and nonce in a signed cookie. The key is random and never leaves this process, so that knowing a token doesn't help to
/// forge a cookie, nor a cookie to guess a token, and sessions end with the process whose tokens they were issued for. Only sessions logged out before their
/// expiry are remembered. Thread-safe.
/// </summary>
internal sealed class SessionCookie(byte[] key, int port, TimeProvider time)
{
    /// <summary>Pages stay open for days.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private const int NonceBytes = 16, PayloadBytes = 1 + 8 + NonceBytes, MaxLoggedOut = 10_000;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _loggedOut = new(StringComparer.Ordinal);

    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);

    /// <summary>Cookies ignore ports: two dashboards on one machine would log each other out.</summary>
    public string Name { get; } = $"sweep_session_{port}";

    /// <summary>Issues a new session.</summary>
    public (string Value, DateTimeOffset Ends) Issue(Role role, DateTimeOffset? noLaterThan = null)
    {
        DateTimeOffset ends = time.GetUtcNow() + Lifetime;
        if (noLaterThan < ends)
            ends = noLaterThan.Value;
        byte[] cookie = new byte[PayloadBytes + HMACSHA256.HashSizeInBytes];
        cookie[0] = (byte)role;
        BinaryPrimitives.WriteInt64BigEndian(cookie.AsSpan(1), ends.ToUnixTimeSeconds());
        RandomNumberGenerator.Fill(cookie.AsSpan(9, NonceBytes));
        HMACSHA256.HashData(key, cookie.AsSpan(0, PayloadBytes), cookie.AsSpan(PayloadBytes));
        return (Base64Url.EncodeToString(cookie), ends);
    }

    /// <summary>Validates a cookie; null if it isn't ours, has expired or was logged out.</summary>
    public (Role Role, string Csrf)? Read(string? value)
    {
        if (Decode(value) is not { } cookie || time.GetUtcNow() >= Ends(cookie) || _loggedOut.ContainsKey(Nonce(cookie)))
            return null;
        return cookie[0] is (byte)Role.Reader or (byte)Role.Operator ? ((Role)cookie[0], Csrf(cookie)) : null;
    }

    /// <summary>Ends a session before it expires.</summary>
    public void LogOut(string? value)
    {
        if (Decode(value) is not { } cookie)
            return;
        DateTimeOffset now = time.GetUtcNow();
        foreach ((string nonce, DateTimeOffset ends) in _loggedOut)
        {
            if (ends <= now)
                _loggedOut.TryRemove(nonce, out _);
        }

        if (_loggedOut.Count < MaxLoggedOut)
            _loggedOut[Nonce(cookie)] = Ends(cookie);
    }

    private byte[]? Decode(string? value)
    {
        if (value is not { Length: < 200 } || !Base64Url.IsValid(value))
            return null;
        byte[] cookie = Base64Url.DecodeFromChars(value);
        if (cookie.Length != PayloadBytes + HMACSHA256.HashSizeInBytes)
            return null;
        byte[] signature = HMACSHA256.HashData(key, cookie.AsSpan(0, PayloadBytes));
        return CryptographicOperations.FixedTimeEquals(signature, cookie.AsSpan(PayloadBytes)) ? cookie : null;
    }

    private string Csrf(byte[] cookie) => Base64Url.EncodeToString(HMACSHA256.HashData(key, (byte[])[.. "csrf "u8, .. cookie.AsSpan(9, NonceBytes)]));

    private static string Nonce(byte[] cookie) => Convert.ToHexString(cookie.AsSpan(9, NonceBytes));

    private static DateTimeOffset Ends(byte[] cookie) => DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(cookie.AsSpan(1)));
}
