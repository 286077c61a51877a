using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sweep.Client.Dashboard.Access;

/// <summary>The configured tokens. Compared as hashes in constant time, so that timing reveals neither a common prefix nor the length.</summary>
internal sealed class Secrets(string? operatorToken, string? readerToken)
{
    private readonly byte[]? _operator = Hash(operatorToken);
    private readonly byte[]? _reader = Hash(readerToken);

    /// <summary>The role that a token grants.</summary>
    public Role RoleOf(string token)
    {
        byte[] hash = Hash(token)!;

        // Always compare both.
        bool isOperator = Same(hash, _operator), isReader = Same(hash, _reader);
        return isOperator ? Role.Operator : isReader ? Role.Reader : Role.None;
    }

    /// <summary>Constant-time equality.</summary>
    public static bool Same(string a, string b) => CryptographicOperations.FixedTimeEquals(Hash(a), Hash(b));

    public static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static bool Same(byte[] hash, byte[]? expected) => CryptographicOperations.FixedTimeEquals(hash, expected ?? new byte[32]) && expected is not null;

    private static byte[]? Hash(string? text) => text is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
