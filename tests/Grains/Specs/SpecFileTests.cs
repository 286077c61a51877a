using System.Text;
using Sweep.Grains.Specs;
using Sweep.Tests.Diffusion.Files;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary>Specs and data as files.</summary>
public sealed class SpecFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-spec-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_WhenThereIsNoSuchFile_SaysSo()
    {
        var path = Path.Combine(_folder, "none.yaml");
        AssertError($"{path}:1: no such file: {SpecWords.Show(path)}; allowed: a YAML file", SpecReader.Read(path, FakeCatalogue.Instance));
    }

    [Fact]
    public void Read_WhenItIsAFolder_SaysSo() =>
        AssertError($"{_folder}:1: {SpecWords.Show(_folder)} is a folder; allowed: a YAML file", SpecReader.Read(_folder, FakeCatalogue.Instance));

    [Fact]
    public void Read_WhenTheFileIsTooLarge_SaysSo()
    {
        var path = Write("large.yaml", "#" + new string('x', SpecReader.MaxBytes));
        AssertError($"{path}:1: the file is larger than 1048576 bytes; allowed: at most 1048576", SpecReader.Read(path, FakeCatalogue.Instance));
    }

    [Fact]
    public void Read_WhenItIsNoUtf8_NamesTheLineAndTheByte()
    {
        var path = Path.Combine(_folder, "latin1.yaml");
        File.WriteAllBytes(path, [.. "sweep: s\n# caf"u8, 0xe9, .. "\naxes: {}\n"u8]);
        AssertError($"{path}:2: not UTF-8: byte 0xe9; allowed: UTF-8 text", SpecReader.Read(path, FakeCatalogue.Instance));
    }

    [Fact]
    public void Read_WhenThereIsAByteOrderMarkAndCarriageReturns_ReadsIt()
    {
        var path = Path.Combine(_folder, "windows.yaml");
        File.WriteAllText(path, "sweep: s\r\naxes:\r\n  dataset: ring\r\n", new UTF8Encoding(true));
        Assert.True(SpecReader.Read(path, FakeCatalogue.Instance).IsValid);
    }

    [Fact]
    public void Read_WhenADataFileIsRaggedOrMissing_ReportsTheSpecsLineAndWritesNothing()
    {
        Write("ragged.csv", "ragged");
        var path = Write("spec.yaml",
            "sweep: s\naxes:\n  dataset:\n    - {kind: file, name: a, path: ragged.csv}\n    - kind: file\n      path: ../none.csv\n");

        var errors = SpecReader.Read(path, FakeCatalogue.Instance).Errors.Select(e => e.ToString());

        Assert.Equal(
            [$"{path}:4: file: data.csv:3: 2 columns; allowed: 3",
                $"{path}:6: file.path: no such file: ../none.csv; allowed: a file, relative to the spec's folder {SpecWords.Show(_folder)}"],
            errors);
        Assert.Equal(["ragged.csv", "spec.yaml"], Directory.GetFiles(_folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Read_WhenADataFileIsEmptyOrNoRegularFile_SaysSoAtOnce()
    {
        Write("empty.csv", "");
        RegularFileTests.Pipe(_folder);
        foreach (var (path, what) in new[] { ("empty.csv", "empty"), ("/dev/zero", "a device"), ("pipe", "a pipe"), (".", "a folder") })
        {
            AssertError(
                $"spec.yaml:2: file.path: {path} is {what}; allowed: a regular file: CSV, .npy, .npz or Parquet",
                SpecReader.ReadText($"sweep: s\naxes: {{dataset: {{kind: file, path: {path}}}}}\n", "spec.yaml", _folder, FakeCatalogue.Instance));
        }
    }

    [Fact]
    public void Expand_WhenAFileMovesButKeepsItsContent_KeepsEveryId()
    {
        Write("a.csv", "1,2");
        Write("b.csv", "1,2");
        Write("c.csv", "1,3");

        var (a, b, c) = (OfFile("a.csv"), OfFile("b.csv"), OfFile("c.csv"));

        Assert.Equal(Ids(a), Ids(b));
        Assert.Equal(a.Id, b.Id);
        Assert.Empty(SpecDifference.Between(a.Resolved, b.Resolved));
        Assert.Empty(Ids(a).Intersect(Ids(c)));
        Assert.NotEqual(a.Id, c.Id);
        Assert.All(TrialExpansion.Expand(a), t => Assert.Equal(Path.Combine(_folder, "a.csv"), t.Dataset.Parameters["path"]!.GetValue<string>()));
        // The SHA-256 of "1,2", computed with sha256sum.
        Assert.All(TrialExpansion.Expand(a),
            t => Assert.Equal("17f8af97ad4a7f7639a4c9171d5185cbafb85462877a4746c21bdb0a4f940ca0", t.Dataset.Parameters["sha256"]!.GetValue<string>()));
    }

    [Fact]
    public void Read_WhenTwoFilesHaveOneContent_CallsThemTheSame()
    {
        Write("a.csv", "1,2");
        Write("b.csv", "1,2");
        var path = Write("spec.yaml", "sweep: s\naxes:\n  dataset: [{kind: file, name: a, path: a.csv}, {kind: file, name: b, path: b.csv}]\n");
        AssertError($"{path}:3: duplicate value in axes.dataset: b is the same as a (line 3); allowed: each value once",
            SpecReader.Read(path, FakeCatalogue.Instance));
    }

    [Fact]
    public void Read_WhenNoDensityIsKnown_ComparesEnergyDistanceAndRefusesLikelihood()
    {
        Write("a.csv", "1,2");

        Assert.Equal("energy_distance", OfFile("a.csv").Compare.Metric);
        AssertError(
            "spec.yaml:3: compare.metric: log_likelihood needs a dataset with known density, and there is none; allowed: energy_distance, "
                + "sliced_wasserstein2, denoiser_evaluations, round_trip_error, fit_iterations, train_seconds, sample_seconds",
            SpecReader.ReadText("sweep: s\naxes: {dataset: {kind: file, path: a.csv}}\ncompare: {metric: log_likelihood}\n", "spec.yaml", _folder,
                FakeCatalogue.Instance));
    }

    private static List<string> Ids(SweepSpec spec) => [.. TrialExpansion.Expand(spec).Select(t => t.Id)];

    private static void AssertError(string error, SpecReading reading) => Assert.Equal(error, Assert.Single(reading.Errors).ToString());

    private SweepSpec OfFile(string name) =>
        SpecReader.ReadText($"sweep: s\naxes: {{dataset: {{kind: file, name: data, path: {name}}}}}\n", "spec.yaml", _folder, FakeCatalogue.Instance).Spec!;

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
