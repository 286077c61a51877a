using Microsoft.Data.Sqlite;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage.Sqlite;

/// <summary>Whose a file is (application_id) and of which version (user_version).</summary>
internal static class SqliteSchema
{
    /// <summary>Refuses, untouched, what is not ours or of another version; else switches to WAL, and makes the tables of an empty file.</summary>
    /// <exception cref="StoreException">The file is another program's or another version's.</exception>
    public static void Prepare(SqliteConnection connection, string path)
    {
        // As of one moment: another process may be making the tables between two of the questions. What fails closes the connection, and with it the
        // transaction.
        Run(connection, "BEGIN");
        bool made = IsMade(connection, path);
        Run(connection, "COMMIT");
        string mode = Text(connection, "PRAGMA journal_mode = WAL");
        if (mode != "wal")
            throw new StoreException($"the store cannot use a write-ahead log: {path}; allowed: a file system on this machine, not a network's");

        if (made)
            return;

        // What isn't committed is rolled back with the connection, which is closed when this fails.
        Run(connection, "BEGIN IMMEDIATE");

        // Again under the lock: another process may have been first.
        if (!IsMade(connection, path))
        {
            Run(connection, StoreSchema.Script("Sqlite"));
            Run(connection, $"PRAGMA application_id = {SqliteStore.ApplicationId}; PRAGMA user_version = {StoreSchema.Version};");
        }

        Run(connection, "COMMIT");
    }

    /// <summary>The same of a file that can't be written.</summary>
    /// <exception cref="StoreException">The file is another program's or another version's, or empty.</exception>
    public static void Require(SqliteConnection connection, string path)
    {
        if (!IsMade(connection, path))
            throw new StoreException($"there is no store yet: {path} is empty");
    }

    /// <summary>False for an empty file.</summary>
    private static bool IsMade(SqliteConnection connection, string path)
    {
        long application = Number(connection, "PRAGMA application_id");
        if (application == 0 && Number(connection, "SELECT COUNT(*) FROM sqlite_master") == 0)
            return false;
        if (application != SqliteStore.ApplicationId)
            throw new StoreException($"not a store of ours: {path} is another program's SQLite file (application id 0x{application:X8})");
        long version = Number(connection, "PRAGMA user_version");
        return version == StoreSchema.Version ? true : throw StoreSchema.Other(path, version, "start in a new folder (--out DIR)");
    }

    private static long Number(SqliteConnection connection, string sql) => (long)Scalar(connection, sql);

    private static string Text(SqliteConnection connection, string sql) => (string)Scalar(connection, sql);

    private static object Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
