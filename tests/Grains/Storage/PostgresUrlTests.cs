using Npgsql;
using Sweep.Grains.Storage.Postgres;
using Xunit;

namespace Sweep.Tests.Grains.Storage;

public sealed class PostgresUrlTests
{
    [Fact]
    public void Parse_WhenEverythingIsGiven_UsesIt()
    {
        PostgresUrl url = PostgresUrl.Parse(
            "postgresql://ann%40lab:s%3Acr%2Fet@db.example:6543/my%20sweeps?sslmode=verify-full&sslrootcert=/etc/ca.pem&schema=team&pool=9&connect_timeout=3");

        NpgsqlConnectionStringBuilder settings = url.Settings;
        Assert.Equal(
            ("db.example", 6543, "ann@lab", "s:cr/et", "my sweeps"),
            (settings.Host, settings.Port, settings.Username, settings.Password, settings.Database));
        Assert.Equal((SslMode.VerifyFull, "/etc/ca.pem", 9, 3), (settings.SslMode, settings.RootCertificate, settings.MaxPoolSize, settings.Timeout));
        Assert.Equal("\"team\"", settings.SearchPath);
        Assert.Equal("postgresql://ann@lab@db.example:6543/my sweeps?schema=team", url.Shown);
    }

    [Theory]
    [InlineData("postgres://localhost/sweeps", "localhost", 5432, "sweeps")]
    [InlineData("postgresql://[::1]:5433/sweeps", "::1", 5433, "sweeps")]
    [InlineData("postgresql://u@[::1]/sweeps", "::1", 5432, "sweeps")]
    [InlineData("postgresql:///sweeps?host=/tmp/socket", "/tmp/socket", 5432, "sweeps")]
    [InlineData("postgresql://%2Ftmp%2Fsocket/sweeps", "/tmp/socket", 5432, "sweeps")]
    [InlineData("POSTGRESQL://host", "host", 5432, null)]
    public void Parse_WhenPartsAreLeftOut_TakesTheUsual(string text, string host, int port, string? database)
    {
        NpgsqlConnectionStringBuilder settings = PostgresUrl.Parse(text).Settings;
        Assert.Equal((host, port, database), (settings.Host, settings.Port, settings.Database));
    }

    [Theory]
    [InlineData("mysql://ann:hunter2@host/db", "postgresql://")]
    [InlineData("postgresql://ann:hunter2@host/db?sslmode=maybe", "verify-full")]
    [InlineData("postgresql://ann:hunter2@host/db?pool=0", "1 to 1000")]
    [InlineData("postgresql://ann:hunter2@host/db?nonsense=1", "connect_timeout")]
    [InlineData("postgresql://ann:hunter2@host:0/db", "1 to 65535")]
    [InlineData("postgresql://ann:hunter2?x@host/db", "%XX")]
    [InlineData("postgresql://ann:hunter2/x@host/db", "%XX")]
    [InlineData("postgresql://ann:hunter2@host/db?schema=", "1 to 40")]
    public void Parse_WhenWrong_SaysWhatIsAllowedAndNeverThePassword(string text, string allowed)
    {
        FormatException e = Assert.Throws<FormatException>(() => PostgresUrl.Parse(text));
        Assert.Contains(allowed, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shown_WhenThereIsAPassword_LeavesItOut()
    {
        PostgresUrl url = PostgresUrl.Parse("postgresql://ann:hunter2@host/db");
        Assert.DoesNotContain("hunter2", url.Shown + url, StringComparison.Ordinal);
    }
}
