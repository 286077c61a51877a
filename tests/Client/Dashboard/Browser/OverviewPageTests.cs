using Microsoft.Playwright;
using Sweep.Grains.Specs;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Sweep.Tests.Client.Dashboard.Browser;

/// <summary>What the overview begins with.</summary>
public sealed class OverviewPageTests(Chromium chromium)
{
    [Fact]
    public async Task Overview_WhenTheSweepIsDone_BeginsWithTheAnswer()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await host.CompleteAsync(20);
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}");
        await Expect(visit.Page.Locator(".overview h2", new PageLocatorOptions { HasText = "Log-likelihood against reverse step" })).ToBeVisibleAsync();
        Assert.True(await TopAsync(visit.Glance("far")) < await TopAsync(visit.Glance("what-wins")));
        Assert.True(await TopAsync(visit.Page.Locator(".overview > .columns")) < await TopAsync(visit.Page.Locator(".overview > .report-part")));

        await host.CompleteAsync(4);

        await Expect(visit.Page.Locator(".glance.over")).ToHaveCountAsync(1);
        await Expect(visit.Page.Locator(".overview.over")).ToHaveCountAsync(1);
        Assert.True(await TopAsync(visit.Glance("far")) > await TopAsync(visit.Glance("what-wins")));
        Assert.True(await TopAsync(visit.Page.Locator(".overview > .columns")) > await TopAsync(visit.Page.Locator(".overview > .report-part")));
        await Expect(visit.Glance("far")).ToContainTextAsync("24 of 24 trials");
        await Expect(visit.Glance("long")).ToBeHiddenAsync();
        Assert.Empty(await visit.AxeAsync());
        visit.AssertClean();
    }

    [Fact]
    public async Task Glance_WhenATabIsOpen_IsALine()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await host.CompleteAsync(20);
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}?tab=trials");
        await Expect(visit.Glance("far")).ToContainTextAsync("20 of 24 trials");
        await Expect(visit.Page.Locator(".glance.folded")).ToHaveCountAsync(1);
        await Expect(visit.Glance("long").Locator(".big")).ToBeVisibleAsync();
        Assert.InRange((await visit.Glance("far").BoundingBoxAsync())!.Height, 20, 60);
        await visit.Link("Overview").ClickAsync();
        await Expect(visit.Page.Locator(".glance.folded")).ToHaveCountAsync(0);
        visit.AssertClean();
    }

    /// <summary>Of 40 settings the page has the whole report, of 216 it asks for what the map needs.</summary>
    [Theory]
    [InlineData("8, 16", 10)]
    [InlineData("8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19", 9)]
    public async Task Overview_OfManyDataSets_BeginsWithAMapOfThem(string widths, int datasets)
    {
        await using PageHost host = await PageHost.StartAsync();
        string sets = string.Join(", ", Enumerable.Range(0, datasets).Select(i => $"{{kind: gmm-ring, name: ring{i}, components: {i + 3}}}"));
        SweepSpec spec = await host.SubmitSpecAsync($$"""
            sweep: many
            seeds: 1
            axes:
              dataset: [{{sets}}]
              preprocessing: [standardize, gaussianize]
              schedule: vp-cosine
              width: [{{widths}}]
            training: {steps: 200, batch: 64, points: 500}
            sampling: {steps: {{PageHost.Steps}}, samples: 256}
            """);
        await host.CompleteAsync(datasets * 2 * widths.Split(',').Length);
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}");

        ILocator map = visit.Page.Locator(".report-part > .panel").First;
        await Expect(map.Locator("h2")).ToHaveTextAsync("Every data set by preprocessing");
        await Expect(map.Locator(".chart canvas")).Not.ToHaveCountAsync(0);
        await map.Locator("summary").ClickAsync();
        await Expect(map.Locator("tbody tr")).ToHaveCountAsync(datasets);
        await Expect(map.Locator("tbody tr").First).ToContainTextAsync("best mean");
        await Expect(map.Locator("thead")).ToContainTextAsync("gaussianize");
        Assert.Empty(await visit.AxeAsync());
        visit.AssertClean();
    }

    private static async Task<float> TopAsync(ILocator part) => (await part.BoundingBoxAsync())!.Y;
}
