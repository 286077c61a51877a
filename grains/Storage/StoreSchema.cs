using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage;

/// <summary>The schema of a store, the same whatever the engine: one script for each makes it. A store of another version is refused, never changed.</summary>
internal static class StoreSchema
{
    public const int Version = 8;

    /// <summary>What makes an empty store.</summary>
    /// <param name="engine">The folder under <c>Migrations</c>.</param>
    public static string Script(string engine) => Text($"Sweep.Migrations.{engine}.0001_initial.sql");

    /// <summary>What to say of a store that has another version.</summary>
    /// <param name="where">The store, in words.</param>
    /// <param name="version">Its version.</param>
    /// <param name="instead">Where else a sweep can go: <c>start in a new folder</c>.</param>
    public static StoreException Other(string where, long version, string instead) => new(
        $"{where} has schema {version}; allowed: {Version}. Another version of Sweep made it: "
        + $"export its results with that version (sweep export), or {instead}");

    /// <summary>An embedded script by its full name.</summary>
    public static string Text(string resource)
    {
        using Stream stream = typeof(StoreSchema).Assembly.GetManifestResourceStream(resource)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
