using System.Globalization;
using Sweep.Infra;

namespace Sweep.Bench.Cluster;

/// <summary>What a server's work cost.</summary>
internal static class ServerCosts
{
    /// <summary>Settings of a server that is measured.</summary>
    public static IEnumerable<string> Settings(bool profile) =>
    [
        "max_connections=300", "shared_buffers=512MB",
        .. profile ? ["shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track=all"] : Array.Empty<string>(),
    ];

    /// <summary>CPU time of the server, of its processes, and of those that have ended.</summary>
    public static TimeSpan CpuTime(this ScratchPostgres server)
    {
        string pid = File.ReadLines(Path.Combine(server.Folder, "data", "postmaster.pid")).First();

        // utime, stime, cutime, cstime in hundredths of a second: fields 14 to 17, of which two precede the bracket; field 4 is the parent.
        // A live process's children are counted once, by it.
        double hundredths = Fields(pid)!.Skip(11).Take(4).Sum(f => double.Parse(f, CultureInfo.InvariantCulture));
        foreach (string process in Directory.EnumerateDirectories("/proc").Select(d => Path.GetFileName(d)).Where(name => char.IsAsciiDigit(name[0])))
        {
            if (Fields(process) is { Length: > 15 } fields && fields[1] == pid)
                hundredths += fields.Skip(11).Take(2).Sum(f => double.Parse(f, CultureInfo.InvariantCulture));
        }

        return TimeSpan.FromSeconds(hundredths / 100);
    }

    /// <summary>What each statement cost, also within functions.</summary>
    public static Task<object?> ProfileAsync(this ScratchPostgres server) => server.ScalarAsync(
        """
        SELECT string_agg(format('%s calls, each %s ms, %s pages, %s bytes of log: %s', calls,
            round((total_exec_time / calls)::numeric, 3), shared_blks_hit / calls,
            (wal_bytes / calls)::bigint, q), E'\n')
        FROM (SELECT *, left(regexp_replace(query, '\s+', ' ', 'g'), 100) AS q FROM pg_stat_statements
            WHERE calls > 100 ORDER BY total_exec_time DESC LIMIT 20) s
        """);

    /// <summary>From the state on; null when the process is gone.</summary>
    private static string[]? Fields(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].Trim().Split(' ');
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return null;
        }
    }
}
