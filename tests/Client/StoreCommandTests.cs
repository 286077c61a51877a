using System.Globalization;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>Tests of commands on a PostgreSQL store: each has a schema of its own, dropped afterwards. Skipped where there is no PostgreSQL.</summary>
/// <param name="name">What the schemas' names begin with.</param>
public abstract class StoreCommandTests(PostgresServer server, string name) : IAsyncLifetime
{
    private static int _count;

    protected string Schema { get; } = string.Create(CultureInfo.InvariantCulture, $"{name}{Interlocked.Increment(ref _count)}");

    protected string Store => server.Url(Schema);

    protected PostgresServer Server => server;

    public ValueTask InitializeAsync()
    {
        if (PostgresServer.Missing is { } missing)
            Assert.Skip(missing);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (PostgresServer.Missing is null)
            await server.ExecuteAsync($"DROP SCHEMA IF EXISTS {Schema} CASCADE");
    }

    /// <summary>What a command says that succeeds.</summary>
    private protected static async Task<SweepOutcome> OkAsync(string folder, params string[] arguments)
    {
        SweepOutcome outcome = await SweepProcess.RunAsync(folder, arguments);
        Assert.True(outcome.ExitCode == 0, $"{string.Join(' ', arguments)}: exit code {outcome.ExitCode}: {outcome.Error}{outcome.Output}");
        return outcome;
    }

    private protected static async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        TimeSpan limit = TimeSpan.FromMinutes(2);
        long began = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(began) > limit)
                throw new TimeoutException($"waited {limit} for: {what}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
