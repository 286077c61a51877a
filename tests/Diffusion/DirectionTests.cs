using System.Text.RegularExpressions;
using Sweep.Tests.Client;
using Xunit;

namespace Sweep.Tests.Diffusion;

/// <summary>The folders of diffusion/ in the order in which they may depend on each other: each on those before it, none on one after it.</summary>
public sealed partial class DirectionTests
{
    private static readonly string[] Folders = ["Files", "Text", "Kinds", "Numerics", "Schedules", "Datasets", "Preprocessing", "Networks", "Samplers", "Diagnostics", "Metrics", "Training"];

    public static TheoryData<string> All => new(Folders);

    [Theory]
    [MemberData(nameof(All))]
    public void Folder_Always_DependsOnEarlierOnesOnly(string folder)
    {
        string root = Path.Combine(SweepProcess.RepositoryRoot, "diffusion");
        string[] later = Folders[(Array.IndexOf(Folders, folder) + 1)..];
        foreach (string file in Directory.GetFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
        {
            IEnumerable<string> seen = Namespaces().Matches(File.ReadAllText(file)).Select(m => m.Groups["folder"].Value);
            Assert.True(!seen.Intersect(later, StringComparer.Ordinal).Any(), $"{Path.GetRelativePath(root, file)} sees {string.Join(", ", seen.Intersect(later, StringComparer.Ordinal))}");
        }
    }

    [Fact]
    public void Folders_Always_AreThoseThatThereAre() => Assert.Equal(
        Folders.Order(StringComparer.Ordinal),
        Directory.GetDirectories(Path.Combine(SweepProcess.RepositoryRoot, "diffusion")).Select(d => Path.GetFileName(d)).Where(n => n is not ("bin" or "obj")).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"(?<=Sweep\.Diffusion\.)(?<folder>[A-Z][A-Za-z]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Namespaces();
}
