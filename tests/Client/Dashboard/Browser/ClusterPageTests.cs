using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sweep.Grains.Storage.Postgres;
using Sweep.Tests.Grains.Storage;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Sweep.Tests.Client.Dashboard.Browser;

/// <summary>A cluster at work, in a browser: a PostgreSQL store and two silos.</summary>
public sealed partial class ClusterPageTests(Chromium chromium, PostgresServer server)
{
    /// <summary>For what a busy machine may take: a point of a training that has no end, or the way to a silo that has just come up.</summary>
    private const float LongMilliseconds = 180_000;

    [Fact]
    public async Task Sweep_WhenTwoSilosWorkOnIt_IsSeenPausedResumedAndDone()
    {
        if (PostgresServer.Missing is { } missing)
            Assert.Skip(missing);
        string store = server.Url("dashboard_page");
        using var scratch = new Scratch();

        // Long enough to be paused in between, short enough to be waited for.
        scratch.Write("spec.yaml",
            TinySpec.Quick.Replace("seeds: 2", "seeds: 3", StringComparison.Ordinal).Replace("steps: 200", "steps: 60000", StringComparison.Ordinal));
        SweepOutcome launched = await SweepProcess.RunAsync(scratch.Path, "launch", "spec.yaml", "--store", store);
        Assert.True(launched.ExitCode == 0, launched.Error);
        await using PageHost host = await PageHost.StartAsync(PostgresUrl.Parse(store));
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync("/");
        await visit.Link("tiny").First.ClickAsync();
        ILocator state = visit.Page.Locator(".head .chip").First;
        await Expect(state).ToHaveTextAsync("waiting");

        using SweepProcess first = Silo(scratch, "first", store);
        using SweepProcess second = Silo(scratch, "second", store);
        await Expect(state).ToHaveTextAsync("running");
        await visit.Button("Pause: tiny").ClickAsync();
        await visit.Button("Pause").ClickAsync();
        await Expect(state).ToHaveTextAsync("paused");
        await Expect(visit.Page.Locator(".glance-part.far [data-state=running]")).ToBeHiddenAsync();
        await Expect(visit.Glance("what-wins")).ToContainTextAsync(AsOf());
        await visit.Link("Silos").ClickAsync();
        await Expect(visit.Page.Locator(".silo")).ToHaveCountAsync(2);
        await visit.Page.GoBackAsync();

        ILocator figure = visit.Page.Locator(".chart canvas").First;
        await Expect(figure).ToBeVisibleAsync();
        await visit.Button("Resume: tiny").ClickAsync();
        await visit.Button("Resume").ClickAsync();
        await Expect(visit.Glance("far")).ToContainTextAsync("12 of 12 trials");
        await Expect(state).ToHaveTextAsync("done");
        await Expect(visit.Glance("what-wins")).ToContainTextAsync("from 12 of 12 trials");


        // Whether it changed depends on whose trials came before the pause: that figures move is DashboardPageTests' matter.
        await Expect(figure).ToBeVisibleAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Curves_WhileTrialsRun_GrowOnTheSweepsPageAndTheTrials()
    {
        if (PostgresServer.Missing is { } missing)
            Assert.Skip(missing);
        string store = server.Url("dashboard_live");
        using var scratch = new Scratch();

        // No trial of it ends: what the store says of one that runs has no curve, so whatever grows has come from the silo. A point takes seconds.
        scratch.Write("spec.yaml", TinySpec.Quick.Replace("steps: 200, batch: 64", "steps: 10000000, batch: 500", StringComparison.Ordinal));
        SweepOutcome launched = await SweepProcess.RunAsync(scratch.Path, "launch", "spec.yaml", "--store", store);
        Assert.True(launched.ExitCode == 0, launched.Error);
        using SweepProcess silo = Silo(scratch, "first", store);
        await using PageHost host = await PageHost.StartAsync(PostgresUrl.Parse(store));
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync("/");
        await visit.Link("tiny").First.ClickAsync();

        ILocator line = visit.Page.Locator(".running-list .spark").First;
        await GrowsAsync(line);
        await Expect(line).ToHaveAttributeAsync("aria-label", SoFar());
        await PictureAsync(visit, "live-sweep");

        await visit.Page.Locator(".running-list a").First.ClickAsync();
        ILocator figure = visit.Page.Locator("figure[data-points]").First;
        await GrowsAsync(figure);
        await Expect(figure).ToContainTextAsync("Training loss so far");
        await PictureAsync(visit, "live-trial");

        silo.Kill();
        await silo.EndAsync();
        visit.AssertClean();
    }

    /// <summary>Three times, each by what one update brings at least.</summary>
    private static async Task GrowsAsync(ILocator curve)
    {
        await Expect(curve).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = LongMilliseconds });
        for (int times = 0; times < 3; times++)
        {
            string before = await curve.GetAttributeAsync("data-points") ?? "";
            await Expect(curve).Not.ToHaveAttributeAsync("data-points", before, new LocatorAssertionsToHaveAttributeOptions { Timeout = LongMilliseconds });
            string after = await curve.GetAttributeAsync("data-points") ?? "";
            Assert.True(int.Parse(after, CultureInfo.InvariantCulture) > int.Parse(before, CultureInfo.InvariantCulture), $"{before} points, then {after}");
        }
    }

    /// <summary>For whoever wants to look: into the folder that SWEEP_PICTURES names.</summary>
    private static async Task PictureAsync(Visit visit, string name)
    {
        if (Environment.GetEnvironmentVariable("SWEEP_PICTURES") is { Length: > 0 } folder)
            await visit.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    private static SweepProcess Silo(Scratch scratch, string name, string store) =>
        SweepProcess.Start(Directory.CreateDirectory(Path.Combine(scratch.Path, name)).FullName, "silo", "--store", store, "--id", name, "--slots", "1");

    [GeneratedRegex("from [1-9][0-9]* of 12 trials", RegexOptions.None, 1000)]
    private static partial Regex AsOf();

    [GeneratedRegex("^Training loss so far: .* after [0-9]+ points$", RegexOptions.None, 1000)]
    private static partial Regex SoFar();
}
