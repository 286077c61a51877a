using System.Reflection;

namespace Sweep.Grains.Coordination.Sql;

/// <summary>The numbered SQL files of one engine: embedded, applied in order, each once.</summary>
internal sealed class Migrations
{
    private readonly string[] _resources;
    private readonly string _prefix;

    /// <param name="engine">The folder under <c>Migrations</c>.</param>
    public Migrations(string engine)
    {
        _prefix = $"Sweep.Migrations.{engine}.";
        _resources = [.. Assembly.GetManifestResourceNames().Where(name => name.StartsWith(_prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        for (int i = 0; i < _resources.Length; i++)
        {
            if (!_resources[i].StartsWith($"{_prefix}{i + 1:D4}_", StringComparison.Ordinal))
                throw new InvalidOperationException($"migration {i + 1} of {engine}: {_resources[i]}; allowed: numbers from 0001 without gaps");
        }
    }

    /// <summary>The newest schema's number.</summary>
    public int Latest => _resources.Length;

    /// <summary>The scripts after a version, in order.</summary>
    public IEnumerable<string> After(int version) => _resources.Skip(version).Select(Read);

    /// <summary>What to say of a schema that this program doesn't know.</summary>
    public StoreException Newer(string where, long version) =>
        new($"{where} has schema {version}; allowed: {Latest} or older (a newer version of the program wrote it)");

    private static Assembly Assembly => typeof(Migrations).Assembly;

    /// <summary>An embedded script by its full name.</summary>
    public static string Text(string resource) => Read(resource);

    private static string Read(string resource)
    {
        using Stream stream = Assembly.GetManifestResourceStream(resource)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
