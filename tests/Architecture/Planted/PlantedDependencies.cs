using Dapper;
using Sweep.Grains.Storage.Postgres;

// As if they lived in grains/Trials, whose rules they break: what DirectionTests must see.
namespace Sweep.Grains.Trials.Planted;

#pragma warning disable MA0048 // one line each, read together

internal sealed class ByField
{
    internal PostgresUrl? Url { get; init; }
}

internal static class ByCall
{
    internal static bool Fits(string text) => PostgresUrl.Fits(text);
}

internal static class InLambda
{
    internal static Func<string, bool> Fits { get; } = text => PostgresUrl.Fits(text);
}

internal static class InAsyncMethod
{
    internal static async Task<bool> FitsAsync(Task<string> text) => PostgresUrl.Fits(await text);
}

internal static class InIterator
{
    internal static IEnumerable<bool> Fit(string[] texts)
    {
        foreach (string text in texts)
            yield return PostgresUrl.Fits(text);
    }
}

internal static class ByGenericArgument
{
    internal static List<PostgresUrl> Urls { get; } = [];
}

[Planted(typeof(PostgresUrl))]
internal static class ByAttribute;

internal static class ByPackage
{
    internal static void Add(DynamicParameters parameters) => parameters.Add("planted");
}

[AttributeUsage(AttributeTargets.Class)]
internal sealed class PlantedAttribute(Type type) : Attribute
{
    internal Type Type { get; } = type;
}
