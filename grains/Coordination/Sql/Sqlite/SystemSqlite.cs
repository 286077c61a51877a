using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Sweep.Grains.Coordination.Sql.Sqlite;

/// <summary>
/// Loads the operating system's SQLite, which the distribution patches, instead of one bundled with a package. The binding names its library
/// <c>e_sqlite3</c>; the runtime is told what that means here.
/// </summary>
internal static class SystemSqlite
{
    private static readonly Lazy<Exception?> Loaded = new(Load);

    /// <exception cref="StoreException">There is no SQLite library, or it is too old.</exception>
    public static void Ensure()
    {
        if (Loaded.Value is { } problem)
            throw new StoreException(problem.Message, problem);
    }

    private static Exception? Load()
    {
        if (!TryLoad(out IntPtr library))
            return new DllNotFoundException($"the SQLite library is missing: {string.Join(", ", Names())}; {Remedy()}");
        Assembly binding = typeof(SQLite3Provider_e_sqlite3).Assembly;
        NativeLibrary.SetDllImportResolver(binding, (name, _, _) => name == "e_sqlite3" ? library : IntPtr.Zero);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());

        // 3.24 brought ON CONFLICT DO UPDATE, the newest thing the statements use; 3.31 is the oldest in a distribution that is still patched.
        int version = raw.sqlite3_libversion_number();
        return version < 3_031_000
            ? new NotSupportedException($"the SQLite library is too old: {raw.sqlite3_libversion().utf8_to_string()}; allowed: 3.31 or newer")
            : null;
    }

    private static bool TryLoad(out IntPtr library)
    {
        foreach (string name in Names())
        {
            if (NativeLibrary.TryLoad(name, out library))
                return true;
        }

        library = IntPtr.Zero;
        return false;
    }

    private static string[] Names() =>
        OperatingSystem.IsWindows() ? ["winsqlite3.dll", "sqlite3.dll"]
        : OperatingSystem.IsMacOS() ? ["/usr/lib/libsqlite3.dylib"]
        : ["libsqlite3.so.0"];

    private static string Remedy() => OperatingSystem.IsLinux() ? "apt-get install libsqlite3-0" : "install SQLite 3.31 or newer";
}
