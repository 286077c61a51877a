using System.CommandLine;
using Sweep.Client.Terminal;
using Sweep.Grains.Storage.Postgres;

namespace Sweep.Client.Commands;

/// <summary>
/// The arguments that select a sweep: a run's folder (<c>--out</c>, the default) or a cluster's store (<c>--store</c>), and the sweep's name.
/// </summary>
internal sealed class StoreArguments
{
    /// <summary>The environment variable used if <c>--store</c> isn't given.</summary>
    public const string Variable = "SWEEP_STORE";

    private readonly Argument<string?> _name = CommonOptions.Sweep();
    private readonly Option<string?> _out = CommonOptions.Out();
    private readonly Option<string?> _store = CommonOptions.Store();

    /// <summary>Appends the arguments to a command's own.</summary>
    public void AddTo(Command command)
    {
        command.Add(_name);
        command.Add(_out);
        command.Add(_store);
    }

    /// <summary>Opens the store and finds the sweep.</summary>
    /// <exception cref="UsageException">No such sweep, or an ambiguous choice.</exception>
    /// <exception cref="Grains.Coordination.StoreException">The store can't be reached or isn't ours.</exception>
    public async Task<OpenSweep> OpenAsync(ParseResult parsed, CommandContext context, CancellationToken cancellationToken)
    {
        string? name = parsed.GetValue(_name);
        string? folder = parsed.GetValue(_out);
        if (Url(parsed.GetValue(_store), folder) is not { } url)
        {
            RunDirectory run = RunDirectory.Existing(name, folder);
            RunStore store = RunStore.Open(run, context.Time);
            return await FindAsync(store, async s => RunDirectory.Require(run, await s.OnlySweepAsync(cancellationToken), name), _ => run);
        }

        RunStore cluster = await RunStore.OpenAsync(url, context.Time, StoreOpening.Existing, cancellationToken);
        return await FindAsync(cluster, s => s.SweepAsync(name, cancellationToken), sweep => RunDirectory.For(sweep, folder));
    }

    /// <summary>
    /// The cluster's store; null if the command refers to a folder. A run's folder on the command line takes precedence over the environment.
    /// </summary>
    public static PostgresUrl? Url(string? given, string? folder) =>
        (given ?? (RunDirectory.Holds(folder) ? null : Environment.GetEnvironmentVariable(Variable))) is { Length: > 0 } text ? Parse(text) : null;

    /// <summary>The store of a command that works only on clusters.</summary>
    public static PostgresUrl Require(string? given) =>
        Url(given, null) ?? throw new UsageException($"which store? allowed: --store postgresql://user@host/database, or {Variable} in the environment");

    private static PostgresUrl Parse(string text)
    {
        try
        {
            return PostgresUrl.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--store: {Words.Clean(e.Message)}", e);
        }
    }

    private static async Task<OpenSweep> FindAsync(
        RunStore store, Func<RunStore, Task<Grains.Coordination.SweepSummary>> find, Func<string, RunDirectory> directory)
    {
        try
        {
            Grains.Coordination.SweepSummary sweep = await find(store);
            return new OpenSweep(store, directory(sweep.Name), sweep);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }
}
