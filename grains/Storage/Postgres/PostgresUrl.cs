using System.Net;
using Npgsql;

namespace Sweep.Grains.Storage.Postgres;

/// <summary>
/// Where a store is: <c>postgresql://user:password@host:port/database?sslmode=verify-full&amp;schema=sweep</c>. Parts that are left out come from where
/// libpq takes them: the environment (<c>PGUSER</c>, <c>PGPASSWORD</c>, <c>PGSSLROOTCERT</c>) and the password file (<c>PGPASSFILE</c>, <c>~/.pgpass</c>).
/// Nothing that is shown of it holds the password.
/// </summary>
public sealed class PostgresUrl
{
    private const string Form = "postgresql://user@host:port/database, with parameters";
    private const string DefaultSchema = "sweep";

    private static readonly Dictionary<string, Action<PostgresUrl, string>> Parameters = new(StringComparer.Ordinal)
    {
        ["application_name"] = (url, value) => url.Settings.ApplicationName = value,
        ["connect_timeout"] = (url, value) => url.Settings.Timeout = Whole("connect_timeout", value, 1, 1024),
        ["host"] = (url, value) => url.Settings.Host = value,
        ["pool"] = (url, value) => url.Settings.MaxPoolSize = Whole("pool", value, 1, 1000),
        ["schema"] = (url, value) => url.Schema = value is { Length: > 0 and <= 40 }
            ? value
            : throw new FormatException($"schema: {value}; allowed: a name of 1 to 40 characters"),
        ["sslcert"] = (url, value) => url.Settings.SslCertificate = value,
        ["sslkey"] = (url, value) => url.Settings.SslKey = value,
        ["sslmode"] = (url, value) => url.Settings.SslMode = value switch
        {
            "disable" => SslMode.Disable,
            "allow" => SslMode.Allow,
            "prefer" => SslMode.Prefer,
            "require" => SslMode.Require,
            "verify-ca" => SslMode.VerifyCA,
            "verify-full" => SslMode.VerifyFull,
            _ => throw new FormatException($"sslmode: {value}; allowed: disable, allow, prefer, require, verify-ca, verify-full"),
        },
        ["sslrootcert"] = (url, value) => url.Settings.RootCertificate = value,
    };

    private PostgresUrl()
    {
    }

    /// <summary>The schema that holds the tables; several stores may share a database.</summary>
    public string Schema { get; private set; } = DefaultSchema;

    /// <summary>As a user may see it: without the password and the parameters.</summary>
    public string Shown { get; private set; } = "";

    /// <summary>Whether the server is on this machine, as far as its address tells.</summary>
    public bool IsLocal => Settings.Host is { } host
        && (host.StartsWith('/') || host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address)));

    internal NpgsqlConnectionStringBuilder Settings { get; } = new()
    {
        ApplicationName = "sweep",
        Timeout = 10,
        CommandTimeout = 30,

        // A silo's transactions are short: few connections serve many slots, and a server has few to give.
        MaxPoolSize = 4,

        // Most silos have nothing to ask the database most of the time.
        ConnectionIdleLifetime = 3,
        ConnectionPruningInterval = 1,

        // What a transaction sets, it sets for itself alone.
        NoResetOnClose = true,
        MaxAutoPrepare = 80,
        AutoPrepareMinUsages = 2,

        // A server that disappears silently is noticed, also by a connection that only listens.
        KeepAlive = 20,
    };

    /// <summary>Whether a text is meant as such a URL.</summary>
    public static bool Fits(string text) =>
        text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="FormatException">It is not such a URL; the message never holds the password.</exception>
    public static PostgresUrl Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Fits(text))
            throw new FormatException($"store: a URL of another kind; allowed: {Form} {Names()}");

        // By hand: Uri refuses an empty host, which stands for a local socket.
        string rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        (rest, string? query) = Cut(rest, '?');
        (string authority, string? database) = Cut(rest, '/');
        int at = authority.LastIndexOf('@');
        var url = new PostgresUrl();
        if (at >= 0)
        {
            (string user, string? password) = Cut(authority[..at], ':');
            url.Settings.Username = Decode(user);
            if (password is not null)
                url.Settings.Password = Decode(password);
        }

        url.Place(authority[(at + 1)..]);
        if (!string.IsNullOrEmpty(database))
            url.Settings.Database = Decode(database);
        foreach (string pair in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
            url.Set(pair);
        url.Settings.SearchPath = $"\"{url.Schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        url.Shown = url.Show();
        return url;
    }

    public override string ToString() => Shown;

    private void Place(string place)
    {
        string host = place;
        int colon = place.LastIndexOf(':');
        if (colon > place.LastIndexOf(']'))
        {
            // Not shown: a password with a bare slash in it would end up here.
            Settings.Port = int.TryParse(place[(colon + 1)..], out int port) && port is >= 1 and <= 65535
                ? port
                : throw new FormatException("store: a port that is none; allowed: 1 to 65535 (special characters of a password are written as %XX)");
            host = place[..colon];
        }

        host = host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : Decode(host);
        Settings.Host = host.Length > 0 ? host : Directory.Exists("/var/run/postgresql") ? "/var/run/postgresql" : "localhost";
    }

    private void Set(string pair)
    {
        (string name, string? value) = Cut(pair, '=');
        if (!Parameters.TryGetValue(Decode(name), out Action<PostgresUrl, string>? set))
        {
            string shown = name.All(c => char.IsAsciiLetterLower(c) || c == '_') ? $"unknown parameter: {name}" : "a parameter that is none";
            throw new FormatException($"store: {shown}; allowed: {Names()} (special characters of a password are written as %XX)");
        }

        set(this, Decode(value ?? ""));
    }

    private string Show()
    {
        string user = Settings.Username is { Length: > 0 } name ? $"{name}@" : "";
        string host = Settings.Host!.Contains(':', StringComparison.Ordinal) ? $"[{Settings.Host}]" : Settings.Host;
        string schema = Schema == DefaultSchema ? "" : $"?schema={Schema}";
        return $"postgresql://{user}{host}:{Settings.Port}/{Settings.Database}{schema}";
    }

    private static string Names() => string.Join(", ", Parameters.Keys.Order(StringComparer.Ordinal));

    private static (string Before, string? After) Cut(string text, char at)
    {
        int i = text.IndexOf(at, StringComparison.Ordinal);
        return i < 0 ? (text, null) : (text[..i], text[(i + 1)..]);
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text);

    private static int Whole(string name, string text, int least, int most) =>
        int.TryParse(text, out int value) && value >= least && value <= most
            ? value
            : throw new FormatException($"{name}: {text}; allowed: {least} to {most}");
}
