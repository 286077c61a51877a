using ArchUnitNET.Domain;

namespace Sweep.Tests.Architecture;

/// <summary>Dependencies between types that the table of rooms does not allow, a line each.</summary>
internal static class Directions
{
    /// <summary>Of the base class library and the host's abstractions, which every room may use.</summary>
    private static readonly string[] Everywhere = ["System", "Microsoft.Extensions", "Microsoft.CodeAnalysis", "Microsoft.Win32"];

    /// <summary>What Orleans' generator writes for a room's types is that room's.</summary>
    private const string Generated = "OrleansCodeGen.";

    public static IReadOnlyList<string> Refused(ArchUnitNET.Domain.Architecture architecture, RoomTable table) =>
    [
        .. from type in architecture.Types
           let room = table.Of(Space(type))
           where room is not null
           from target in type.Dependencies.Select(d => d.Target).Where(t => t is not GenericParameter).Distinct()
           let space = Space(target)
           where space.Length > 0 && !IsEverywhere(space) && !table.Allows(room, space)
           let line = $"{room}: {type.FullName} depends on {target.FullName}"
           group line by line into lines
           orderby lines.Key
           select lines.Key,
    ];

    private static bool IsEverywhere(string space) => Everywhere.Any(e => space == e || space.StartsWith(e + ".", StringComparison.Ordinal));

    private static string Space(IType? type)
    {
        string space = type?.Namespace?.FullName ?? "";
        return space.StartsWith(Generated, StringComparison.Ordinal) ? space[Generated.Length..] : space;
    }
}
