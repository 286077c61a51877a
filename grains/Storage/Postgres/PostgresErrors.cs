using System.Net.Sockets;
using Npgsql;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage.Postgres;

/// <summary>What went wrong with a PostgreSQL store, in words, without secrets.</summary>
internal static class PostgresErrors
{
    /// <summary>Whether two transactions were in each other's way: the loser begins again.</summary>
    public static bool IsCollision(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.UniqueViolation;

    /// <summary>Whether an exception is the store's, not a defect here.</summary>
    public static bool IsStores(Exception e) => e is NpgsqlException or SocketException or TimeoutException or IOException;

    /// <summary>Whether the server could not be reached, or was starting, stopping or full; not where it refused what it was asked.</summary>
    public static bool IsAway(Exception e) => e is not PostgresException { SqlState: { } state }
        || state.StartsWith("57P", StringComparison.Ordinal) || state.StartsWith("08", StringComparison.Ordinal)
            || state == PostgresErrorCodes.TooManyConnections;

    /// <summary>The exception for the caller.</summary>
    public static StoreException Translate(Exception e, string where) => e is PostgresException told
        ? new StoreException(Say(told, where), e) { IsSlow = told.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections }
        : new StoreException($"the store can't be reached: {where}: {Innermost(e).Message}", e) { IsSlow = Innermost(e) is TimeoutException };

    private static string Say(PostgresException e, string where) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => $"the store refuses this user: {where}: {e.MessageText}",
        PostgresErrorCodes.InvalidCatalogName => $"there is no such database: {where}; make it with: createdb",
        PostgresErrorCodes.InsufficientPrivilege => $"this user may not do that in the store: {where}: {e.MessageText}",
        PostgresErrorCodes.TooManyConnections => $"the store has no connection left: {where}: {e.MessageText} (max_connections of the server, pool of the URL)",
        PostgresErrorCodes.DiskFull => $"the store's disk is full: {where}: {e.MessageText}",
        PostgresErrorCodes.UndefinedTable => $"not a store of ours: {where}: {e.MessageText}",
        PostgresErrorCodes.ReadOnlySqlTransaction => $"the store is read-only (a standby?): {where}",
        { } state when state.StartsWith("57P", StringComparison.Ordinal) || state.StartsWith("08", StringComparison.Ordinal) =>
            $"the store can't be reached: {where}: {e.MessageText}",
        _ => $"the store failed: {where}: {e.MessageText} ({e.SqlState})",
    };

    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner)
            e = inner;
        return e;
    }
}
