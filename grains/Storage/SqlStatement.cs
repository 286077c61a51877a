using System.Collections.Concurrent;
using System.Data;
using System.Reflection;

namespace Sweep.Grains.Storage;

/// <summary>One statement that returns nothing, with its parameters by name; a null keeps its type, which a prepared statement needs.</summary>
internal sealed record SqlStatement(string Sql, IReadOnlyList<SqlValue> Values)
{
    private static readonly ConcurrentDictionary<Type, (PropertyInfo Property, DbType Type)[]> Shapes = new();

    /// <summary>From an anonymous object.</summary>
    public static SqlStatement Of(string sql, object parameters)
    {
        (PropertyInfo Property, DbType Type)[] shape = Shapes.GetOrAdd(
            parameters.GetType(), type => [.. type.GetProperties().Select(p => (p, TypeOf(p.PropertyType)))]);
        return new SqlStatement(sql, [.. shape.Select(p => new SqlValue(p.Property.Name, p.Type, p.Property.GetValue(parameters)))]);
    }

    private static DbType TypeOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(int) => DbType.Int32,
        var t when t == typeof(long) => DbType.Int64,
        var t when t == typeof(double) => DbType.Double,
        var t when t == typeof(bool) => DbType.Boolean,
        var t when t == typeof(string) => DbType.String,
        var t when t == typeof(byte[]) => DbType.Binary,
        { IsArray: true } => DbType.Object, // the engine's own matter
        var t => throw new NotSupportedException($"a parameter of type {t.Name}; allowed: int, long, double, bool, string, byte[]"),
    };
}
