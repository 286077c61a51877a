using Microsoft.Data.Sqlite;
using Sweep.Grains.Storage;
using Sweep.Grains.Storage.Sqlite;

namespace Sweep.Tests.Simulation;

/// <summary>
/// The database, to which every process has a way of its own (<see cref="SimStore"/>): a real SQLite file, in memory where the machine has such a folder. Its
/// calls don't wait, so a transaction is one step.
/// </summary>
internal sealed class SimDatabase : IDisposable
{
    private readonly string _folder;
    private readonly SimProcess _process;
    private readonly List<SimStore> _ways = [];
    private (string File, SimHistory History)? _backup;
    private int _copies;

    public SimDatabase(SimProcess process, SimHistory history)
    {
        string parent = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        _folder = Path.Combine(parent, $"sweep-simulation-{Environment.ProcessId}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_folder);
        (_process, History) = (process, history);
        Inner = Open();
    }

    /// <summary>Has its clock.</summary>
    public SimProcess Process => _process;

    /// <summary>The engine.</summary>
    public SqlStore Inner { get; private set; }

    public SimHistory History { get; private set; }

    /// <summary>How often it was put back.</summary>
    public int Restored { get; private set; }

    public string ArtifactsFolder => Path.Combine(_folder, "artifacts");

    private string File => Path.Combine(_folder, "sweep.db");

    public void Add(SimStore way) => _ways.Add(way);

    /// <summary>A transaction of some process has committed: what it did is looked at, and who listens is told.</summary>
    public void Committed(bool news, IReadOnlyCollection<string?> announced)
    {
        int judged = History.Judged;
        History.Look(File, Restored);
        if (History.Judged > judged)
            _process.Say("has another look judged");
        if (!news)
            return;
        _ways.RemoveAll(w => !w.IsAlive);
        foreach (SimStore way in _ways)
            way.Tell(announced);
    }

    public void Look() => History.Look(File, Restored);

    /// <summary>Runs SQL beside every process, as damage or a reader does.</summary>
    public T Ask<T>(Func<SqliteConnection, T> ask) => ask(History.Connection(File, Restored));

    /// <summary>What a query of one column of words says.</summary>
    public IReadOnlyList<string> Names(string sql) => Ask(connection =>
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader rows = command.ExecuteReader();
        List<string> names = [];
        while (rows.Read())
            names.Add(rows.GetString(0));
        return names;
    });

    public void BackUp()
    {
        string copy = Path.Combine(_folder, $"backup{++_copies}.db");
        Ask(c =>
        {
            using SqliteCommand command = c.CreateCommand();
            command.CommandText = $"VACUUM INTO '{copy}'";
            return command.ExecuteNonQuery();
        });
        _backup = (copy, History.Copy());
        _process.Say("is backed up");
    }

    /// <summary>Puts the latest backup in place. False where there is none.</summary>
    public bool Restore()
    {
        if (_backup is not { } backup)
            return false;
        Close();
        foreach (string left in Directory.GetFiles(_folder, "sweep.db*"))
            System.IO.File.Delete(left);
        System.IO.File.Copy(backup.File, File);
        History = backup.History.Copy();
        Restored++;
        Inner = Open();
        _process.Say("is restored");
        return true;
    }

    public void Dispose()
    {
        Close();
        Directory.Delete(_folder, recursive: true);
    }

    private SqliteStore Open() => SqliteStore.Open(File, _process.Time, TimeSpan.FromSeconds(30), create: true);

    private void Close()
    {
        History.Dispose();
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        Inner.DisposeAsync().AsTask().GetAwaiter().GetResult();
        SynchronizationContext.SetSynchronizationContext(before);
    }
}
