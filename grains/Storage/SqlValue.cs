using System.Data;

namespace Sweep.Grains.Storage;

/// <summary>A parameter's value.</summary>
internal readonly record struct SqlValue(string Name, DbType Type, object? Value);
