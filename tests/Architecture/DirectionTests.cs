using System.Reflection;
using ArchUnitNET.Loader;
using Sweep.Client.Commands;
using Sweep.Diffusion.Datasets;
using Sweep.Grains.Coordination;
using Sweep.Silo.Preparation;
using Sweep.Tests.Client;
using Xunit;

namespace Sweep.Tests.Architecture;

/// <summary>The directions between folders, as ARCHITECTURE.md's table of rooms has them.</summary>
public sealed class DirectionTests
{
    private static readonly string[] Projects = ["diffusion", "grains", "silo", "client"];

    private static readonly RoomTable Table = RoomTable.Read();

    [Fact]
    public void Types_InEveryRoom_DependOnWhatTheTableAllows()
    {
        Assembly[] projects = [typeof(IDataset).Assembly, typeof(ICoordinator).Assembly, typeof(PreparedData).Assembly, typeof(CommandLine).Assembly];
        ArchUnitNET.Domain.Architecture all = new ArchLoader().LoadAssemblies(projects).Build();
        Assert.True(all.Types.Count() > 1000, $"{all.Types.Count()} types were read");

        IReadOnlyList<string> refused = Directions.Refused(all, Table);
        Assert.True(refused.Count == 0, $"ARCHITECTURE.md's table does not allow:\n{string.Join('\n', refused)}");
    }

    /// <summary>What a simulation runs without a cluster. Their contracts may name grains' interfaces, and nothing else of Orleans.</summary>
    [Theory]
    [InlineData("Sweep.Grains.Orleans.Shells")]
    [InlineData("Sweep.Grains.Orleans.Transactions")]
    public void Types_OfTheGrainsShells_KnowNoOrleans(string space)
    {
        ArchUnitNET.Domain.IType[] types =
            [.. new ArchLoader().LoadNamespacesWithinAssembly(typeof(ICoordinator).Assembly, space).Build().Types.Where(t => t.Namespace.FullName == space)];
        Assert.True(types.Length > 4, $"{types.Length} types were read");
        Assert.Empty(
            from type in types
            from target in type.Dependencies.Select(d => d.Target.FullName).Distinct()
            where target.StartsWith("Orleans", StringComparison.Ordinal)
            select $"{type.FullName} depends on {target}");
    }

    /// <summary>Were one of these missed, the test above could not fail.</summary>
    [Theory]
    [InlineData("ByField")]
    [InlineData("ByCall")]
    [InlineData("InLambda")]
    [InlineData("InAsyncMethod")]
    [InlineData("InIterator")]
    [InlineData("ByGenericArgument")]
    [InlineData("ByAttribute")]
    [InlineData("ByPackage")]
    public void Types_WithAPlantedDependency_AreRefused(string type)
    {
        const string Planted = "Sweep.Grains.Trials.Planted";
        ArchUnitNET.Domain.Architecture planted = new ArchLoader().LoadNamespacesWithinAssembly(typeof(DirectionTests).Assembly, Planted).Build();
        Assert.Contains(Directions.Refused(planted, Table), l => l.StartsWith($"grains/Trials: {Planted}.{type} depends on ", StringComparison.Ordinal));
    }

    [Fact]
    public void Rooms_OfTheTable_AreTheFoldersThatThereAre()
    {
        string[] folders = [.. Projects.SelectMany(p => Folders(p).Select(f => $"{p}/{f}"))];
        string[] rooms = [.. Table.Rooms.SelectMany(r => r.Folders).Where(p => !p.EndsWith('/'))];
        Assert.Equal(folders.Order(StringComparer.Ordinal), rooms.Order(StringComparer.Ordinal));
    }

    /// <summary>A circle that the table itself allowed would be none to the test of the types.</summary>
    [Fact]
    public void Rooms_OfTheTable_HaveNoCircle()
    {
        foreach (Room room in Table.Rooms)
            Assert.DoesNotContain(room, Reached(room));
    }

    /// <summary>A word that names nothing would allow nothing, and look as if it did.</summary>
    [Fact]
    public void Names_InTheTable_AreRoomsOrPackages()
    {
        IEnumerable<string> paths = Table.Rooms.SelectMany(r => r.Allowed).Where(a => a.Contains('/', StringComparison.Ordinal));
        string[] known = [.. Table.Rooms.SelectMany(r => r.Folders), .. Projects.Select(p => $"{p}/")];
        Assert.All(paths, p => Assert.Contains(p, known));
    }

    private static HashSet<Room> Reached(Room from)
    {
        var reached = new HashSet<Room>();
        var open = new Stack<Room>([from]);
        while (open.TryPop(out Room? room))
        {
            foreach (Room next in Table.Rooms.Where(r => r != room && Table.Allows(room, r.Space)).Where(reached.Add))
                open.Push(next);
        }

        return reached;
    }

    private static IEnumerable<string> Folders(string project) => Directory
        .GetDirectories(Path.Combine(SweepProcess.RepositoryRoot, project))
        .Where(d => Directory.EnumerateFiles(d, "*.cs", SearchOption.AllDirectories).Any())
        .Select(d => Path.GetFileName(d))
        .Where(n => n is not ("bin" or "obj"));
}
