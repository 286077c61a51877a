using Microsoft.Data.Sqlite;

namespace Sweep.Grains.Coordination.Sql.Sqlite;

/// <summary>Whose a file is (application_id) and how old its schema is (user_version).</summary>
internal static class SqliteSchema
{
    private static readonly Migrations Scripts = new("Sqlite");

    /// <summary>Refuses what is not ours, untouched; else switches to WAL and applies what is missing.</summary>
    /// <exception cref="StoreException">The file is another program's, or its schema is newer than this program.</exception>
    public static void Prepare(SqliteConnection connection, string path)
    {
        Check(connection, path);
        string mode = Text(connection, "PRAGMA journal_mode = WAL");
        if (mode != "wal")
            throw new StoreException($"the store cannot use a write-ahead log: {path}; allowed: a file system on this machine, not a network's");

        if (Number(connection, "PRAGMA user_version") == Scripts.Latest)
            return;
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);

        // Again under the lock: another process may have been first.
        Check(connection, path, transaction);
        int version = (int)Number(connection, "PRAGMA user_version", transaction);
        foreach (string script in Scripts.After(version))
            Run(connection, script, transaction);
        Run(connection, $"PRAGMA application_id = {SqliteStore.ApplicationId}; PRAGMA user_version = {Scripts.Latest};", transaction);
        transaction.Commit();
    }

    private static void Check(SqliteConnection connection, string path, SqliteTransaction? transaction = null)
    {
        long application = Number(connection, "PRAGMA application_id", transaction);
        bool empty = application == 0 && Number(connection, "SELECT COUNT(*) FROM sqlite_master", transaction) == 0;
        if (application != SqliteStore.ApplicationId && !empty)
            throw new StoreException($"not a store of ours: {path} is another program's SQLite file (application id 0x{application:X8})");
        long version = Number(connection, "PRAGMA user_version", transaction);
        if (version > Scripts.Latest)
            throw Scripts.Newer(path, version);
    }

    private static long Number(SqliteConnection connection, string sql, SqliteTransaction? transaction = null) =>
        (long)Scalar(connection, sql, transaction);

    private static string Text(SqliteConnection connection, string sql) => (string)Scalar(connection, sql, null);

    private static object Scalar(SqliteConnection connection, string sql, SqliteTransaction? transaction)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        return command.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection connection, string sql, SqliteTransaction transaction)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }
}
